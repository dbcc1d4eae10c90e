package dev.refloat.controller.act;

import dev.refloat.recovery.ObjectId;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Takes off what recoveries have written on objects that are in use. */
public final class Marks {

  private final Writes writes;

  public Marks(KubernetesClient client, Fence fence) {
    this.writes = new Writes(client, fence);
  }

  /**
   * Takes the attempt off a claim, if it is still this version of it; returns whether it did.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it is not known what came of
   *     it
   */
  public boolean takeOff(ObjectId claim) {
    return writes.unmark(claim) instanceof Writes.Written.Done;
  }
}
