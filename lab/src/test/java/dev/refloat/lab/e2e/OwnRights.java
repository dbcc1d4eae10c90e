package dev.refloat.lab.e2e;

import dev.refloat.lab.install.Installation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code manifests/base/rbac.yaml} grants the webhook's account in its own namespace and for
 * its own registration, granted for those of a test.
 */
final class OwnRights implements AutoCloseable {

  private static final String ACCOUNT = "refloat-webhook";

  private final KubernetesClient client;
  private final List<HasMetadata> granted = new ArrayList<>();

  private OwnRights(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @param name of the namespace, and of the registration
   */
  static OwnRights in(KubernetesClient client, String name) {
    OwnRights rights = new OwnRights(client);
    rights.grant(
        new ClusterRoleBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withRules(
                rule(
                    "admissionregistration.k8s.io",
                    "get,patch",
                    name,
                    "mutatingwebhookconfigurations",
                    "validatingwebhookconfigurations"))
            .build());
    rights.grant(
        new ClusterRoleBindingBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name)
            .addNewSubject("", "ServiceAccount", ACCOUNT, Installation.NAMESPACE)
            .build());
    rights.grant(
        new RoleBuilder()
            .withNewMetadata()
            .withNamespace(name)
            .withName(ACCOUNT)
            .endMetadata()
            .withRules(
                rule("", "create", "", "secrets"),
                rule("", "get,update", "refloat-ca,refloat-tls", "secrets"),
                rule("coordination.k8s.io", "create", "", "leases"),
                rule("coordination.k8s.io", "get,update", "refloat-sweep", "leases"))
            .build());
    rights.grant(
        new RoleBindingBuilder()
            .withNewMetadata()
            .withNamespace(name)
            .withName(ACCOUNT)
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "Role", ACCOUNT)
            .addNewSubject("", "ServiceAccount", ACCOUNT, Installation.NAMESPACE)
            .build());
    return rights;
  }

  private static PolicyRule rule(String group, String verbs, String names, String... resources) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resources)
        .withResourceNames(names.isEmpty() ? List.of() : List.of(names.split(",", -1)))
        .withVerbs(verbs.split(",", -1))
        .build();
  }

  private void grant(HasMetadata object) {
    granted.add(client.resource(object).create());
  }

  @Override
  public void close() {
    granted.reversed().forEach(object -> client.resource(object).delete());
  }
}
