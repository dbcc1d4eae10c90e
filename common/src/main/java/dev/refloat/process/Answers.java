package dev.refloat.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;

/**
 * How the API server's answers are read in a small heap: in part, knowing few kinds, and with
 * buffers that are lent (docs/decisions/0008-only-what-is-needed-is-read.md).
 */
final class Answers {

  /** About as many as are read at the same time. */
  private static final int MOST_BUFFERS = 8;

  private Answers() {}

  /**
   * Returns what reads them.
   *
   * @param excerpts of which classes only a part is read
   */
  static KubernetesSerialization readBy(Map<Class<?>, Class<?>> excerpts) {
    // As a rule Jackson keeps buffers for each thread that ever read, and ours are many.
    JsonFactory json =
        JsonFactory.builder().recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_BUFFERS)).build();
    // To know all kinds the library would load every class of every model.
    boolean allKinds = false;
    KubernetesSerialization serialization =
        new KubernetesSerialization(new ObjectMapper(json).setMixIns(excerpts), allKinds);
    // These are named by nothing but the answer itself: what a watch tells, and a delete leaves.
    List.of(Node.class, PersistentVolumeClaim.class, Pod.class, Status.class)
        .forEach(serialization::registerKubernetesResource);
    return serialization;
  }
}
