package dev.refloat.lab.world;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The Node objects of a world, by their names within it. */
record NodeObjects(KubernetesClient client, WorldNames names) {

  private static final int MOST_CONFLICTS = 20;

  Resource<Node> resource(String name) {
    return client.nodes().withName(names.clusterWide(name));
  }

  /** Returns a node as it is now. */
  Optional<Node> find(String name) {
    return Optional.ofNullable(resource(name).get());
  }

  /** Changes a node, which kubelets and Kubernetes' controllers change, too. */
  Node edit(String name, UnaryOperator<NodeBuilder> change) {
    for (int conflicts = 0; ; conflicts++) {
      try {
        return resource(name).edit(node -> change.apply(new NodeBuilder(node)).build());
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || conflicts == MOST_CONFLICTS) {
          throw e;
        }
      }
    }
  }
}
