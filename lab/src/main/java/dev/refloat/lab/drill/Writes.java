package dev.refloat.lab.drill;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.function.UnaryOperator;

/**
 * Changes to objects that others write to at the same time: a node that is cordoned gets a taint by
 * a controller a moment later. None of them is lost to that.
 */
final class Writes {

  /** Each one that fails means that somebody else's write succeeded in the meantime. */
  private static final int ATTEMPTS = 20;

  private Writes() {}

  /** Sets what {@code json} says, whatever else is written. */
  static <T extends HasMetadata> void merge(Resource<T> resource, String json) {
    var _ = resource.patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  /** Changes the object as it is; once more if it was another one by the time that arrived. */
  static <T extends HasMetadata> void edit(Resource<T> resource, UnaryOperator<T> change) {
    for (int attempt = 1; ; attempt++) {
      try {
        var _ = resource.edit(change);
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
