package dev.refloat.lab.e2e;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.install.Installation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One verb on one resource that a role grants.
 *
 * @param role a {@link Role} or {@link ClusterRole}
 * @param namespace where it counts; empty for everywhere
 * @param granted the rule of it that grants the right among others
 */
record Right(
    HasMetadata role,
    Optional<String> namespace,
    PolicyRule granted,
    String resource,
    String verb) {

  private static final Await SECONDS = Await.seconds(30);

  /** Returns each right that {@code role} grants there. */
  static Stream<Right> of(HasMetadata role, Optional<String> namespace) {
    role.getMetadata().setResourceVersion(null); // it is changed many times, and each time back
    return rules(role).stream()
        .flatMap(
            rule ->
                rule.getResources().stream()
                    .flatMap(
                        resource ->
                            rule.getVerbs().stream()
                                .map(verb -> new Right(role, namespace, rule, resource, verb))));
  }

  private static List<PolicyRule> rules(HasMetadata role) {
    return switch (role) {
      case Role each -> each.getRules();
      case ClusterRole each -> each.getRules();
      default -> throw new IllegalArgumentException("no role: " + role.getKind());
    };
  }

  /** Whether nothing but looking is granted. */
  boolean isReading() {
    return List.of("get", "list", "watch").contains(verb);
  }

  /** Whether nobody needs it who changes nothing: a last look before a delete, the Lease. */
  boolean isOnlyForWriting() {
    return resource.equals("leases") || (resource.equals("pods") && verb.equals("get"));
  }

  /** What the log says of it; the refusal of a watch has no words of the API server's. */
  String refusal() {
    return verb.equals("watch")
        ? "Failed to watch " + (resource.equals("nodes") ? "a lost node" : resource)
        : "cannot %s resource \"%s\"".formatted(verb, resource);
  }

  /**
   * The role has all but this right while {@code something} happens.
   *
   * @param account whose it is
   */
  void taken(KubernetesClient client, String account, Runnable something) {
    client.resource(without()).update();
    try {
      SECONDS.until("nobody but " + account + " has it", () -> !isAllowed(client, account));
      something.run();
    } finally {
      client.resource(role).update();
      SECONDS.until(account + " has it again", () -> isAllowed(client, account));
    }
  }

  private HasMetadata without() {
    List<PolicyRule> rules = new ArrayList<>();
    for (PolicyRule rule : rules(role)) {
      if (!rule.equals(granted)) {
        rules.add(rule);
        continue;
      }
      for (String each : rule.getResources()) {
        List<String> verbs = new ArrayList<>(rule.getVerbs());
        if (each.equals(resource)) {
          verbs.remove(verb);
        }
        if (!verbs.isEmpty()) {
          rules.add(new PolicyRuleBuilder(rule).withResources(each).withVerbs(verbs).build());
        }
      }
    }
    return switch (role) {
      case Role each -> new RoleBuilder(each).withRules(rules).build();
      case ClusterRole each -> new ClusterRoleBuilder(each).withRules(rules).build();
      default -> throw new IllegalArgumentException("no role: " + role.getKind());
    };
  }

  private boolean isAllowed(KubernetesClient client, String account) {
    ResourceAttributes asked = new ResourceAttributes();
    asked.setGroup(granted.getApiGroups().getFirst());
    asked.setResource(resource);
    asked.setVerb(verb);
    namespace.ifPresent(asked::setNamespace);
    granted.getResourceNames().stream().findFirst().ifPresent(asked::setName);
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("system:serviceaccount:%s:%s".formatted(Installation.NAMESPACE, account))
            .withResourceAttributes(asked)
            .endSpec()
            .build();
    return client.resource(review).create().getStatus().getAllowed();
  }

  @Override
  public String toString() {
    return "%s: %s %s%s"
        .formatted(
            role.getMetadata().getName(),
            verb,
            resource,
            granted.getResourceNames().isEmpty() ? "" : " " + granted.getResourceNames());
  }
}
