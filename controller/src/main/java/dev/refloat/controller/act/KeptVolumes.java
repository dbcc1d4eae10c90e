package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.survey.Pages;
import dev.refloat.kube.Facts;
import dev.refloat.optin.Names;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Volume;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The volumes that were set to Retain for a claim that still has them: the recovery that did it did
 * not come to its end. Of a recovery that did, the claim is gone and the volume Released; those may
 * be many, and are not looked at.
 */
public final class KeptVolumes {

  private final KubernetesClient client;

  public KeptVolumes(KubernetesClient client) {
    this.client = client;
  }

  /**
   * A volume with what it says about whose it is.
   *
   * @param policyWas the reclaim policy that it had before
   */
  public record Kept(SetKey key, ObjectId volume, String policyWas, GivenUp givenUp) {}

  /**
   * Returns them, by one complete LIST.
   *
   * @throws KubernetesClientException if the volumes could not be read to their end
   */
  public List<Kept> bound() {
    return Pages.all(
            options -> client.persistentVolumes().list(options), KeptVolumes::isKept, this::kept)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static boolean isKept(PersistentVolume volume) {
    Map<String, String> annotations = volume.getMetadata().getAnnotations();
    return annotations != null
        && annotations.containsKey(Names.KEPT)
        && volume.getStatus() != null
        && "Bound".equals(volume.getStatus().getPhase());
  }

  /**
   * Empty if it is not ours to understand: somebody wrote into it, or it was kept for another
   * claim.
   */
  private Optional<Kept> kept(PersistentVolume found) {
    Volume volume = Facts.volume(found);
    Optional<Whose> whose =
        Optional.ofNullable(found.getMetadata().getAnnotations().get(Names.KEPT))
            .flatMap(json -> Whose.of(json, client.getKubernetesSerialization()));
    return whose.flatMap(
        each ->
            volume
                .policyBeforeKept()
                .map(was -> new Kept(each.key(), volume.id(), was, each.givenUp())));
  }

  private record Whose(SetKey key, GivenUp givenUp) {

    static Optional<Whose> of(String json, KubernetesSerialization serialization) {
      Map<?, ?> fields;
      try {
        fields = serialization.unmarshal(json, Map.class);
      } catch (RuntimeException e) {
        return Optional.empty();
      }
      String namespace = text(fields, "namespace");
      String claim = text(fields, "claim");
      String uid = text(fields, "claimUid");
      String set = text(fields, "statefulSet");
      String ordinal = text(fields, "ordinal");
      if (List.of(namespace, claim, uid, set, ordinal).contains("")) {
        return Optional.empty();
      }
      SetKey key = new SetKey(namespace, set);
      return Optional.of(
          new Whose(
              key,
              new GivenUp(
                  key, set + "-" + ordinal, new ObjectId(namespace, claim, uid, ""), true)));
    }

    private static String text(Map<?, ?> fields, String name) {
      return Objects.toString(fields.get(name), "");
    }
  }
}
