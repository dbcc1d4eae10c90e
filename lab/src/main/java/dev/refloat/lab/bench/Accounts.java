package dev.refloat.lab.bench;

import dev.refloat.lab.install.Installation;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Who asks the API server. The floor has an account of its own with the controller's rights, so
 * that both wait in the same queues of the API server and are told apart in its audit log.
 */
final class Accounts {

  static final String FLOOR = "refloat-bench-floor";
  static final String CONTROLLER = "refloat-controller";
  static final String CONTROLLER_USER = user(CONTROLLER);
  static final String FLOOR_USER = user(FLOOR);

  private Accounts() {}

  private static String user(String account) {
    return "system:serviceaccount:" + Installation.NAMESPACE + ":" + account;
  }

  /** Makes the floor's account. */
  static void create(KubernetesClient client) {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(FLOOR)
                .withNamespace(Installation.NAMESPACE)
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(FLOOR)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", CONTROLLER)
                .addNewSubject(null, "ServiceAccount", FLOOR, Installation.NAMESPACE)
                .build())
        .create();
  }
}
