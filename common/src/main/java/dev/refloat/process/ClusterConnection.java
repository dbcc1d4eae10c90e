package dev.refloat.process;

import dev.refloat.settings.SharedSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.List;
import java.util.Map;

/** A client of the cluster that the settings mean, or why there is none. */
public sealed interface ClusterConnection {

  /** The cluster is known; whether it answers is not. The caller closes the client. */
  record Opened(KubernetesClient client) implements ClusterConnection {}

  /**
   * It cannot be told which cluster is meant, or how to sign in there.
   *
   * @param words what is wrong and what to do about it
   */
  record Failed(String words) implements ClusterConnection {}

  /**
   * Returns a client of the cluster in the kubeconfig that the settings name, or else of the
   * cluster in whose pod this process runs. Nothing else is searched: whoever deletes claims must
   * not guess the cluster, from {@code ~/.kube/config} for instance.
   *
   * <p>The client never repeats a request by itself. A delete that is repeated after its answer got
   * lost would meet an object that came after; whether to try again is decided where it is known
   * what was asked.
   *
   * @param userAgent how requests are marked in the API server's audit log
   * @param excerpts classes of which only a part is read, each with one whose annotations say which
   * @param observers told of each request before it goes out, and of its answer, by the threads
   *     that send and receive
   */
  static ClusterConnection open(
      SharedSettings settings,
      String userAgent,
      Map<Class<?>, Class<?>> excerpts,
      Interceptor... observers) {
    return new Connector(
            ServiceAccount.of(System.getenv()), userAgent, excerpts, List.of(observers))
        .open(settings);
  }
}
