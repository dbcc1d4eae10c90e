package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.ForeignKinds;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.install.Installation;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is applied to a cluster: whether the API server takes it, and what it must not lack. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("manifests") // one after the other, beside all others
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsIT {

  private OwnControlPlane controlPlane;
  private Kubectl kubectl;

  /** A control plane of its own: others register webhooks of the same names in another way. */
  @BeforeAll
  void namespaces() {
    controlPlane =
        OwnControlPlane.start(
            LabSettings.fromEnvironment(), Progress.toStandardError(), Tuning.NONE);
    kubectl = Kubectl.on(controlPlane);
    makeNamespaces();
    kubectl.knows(ForeignKinds.PROMETHEUS_OPERATOR, "servicemonitors", "prometheusrules");
    kubectl.knows(ForeignKinds.CERT_MANAGER, "issuers", "certificates");
  }

  /** A namespace that is only rehearsed has no room for what is in it, and no level of security. */
  private void makeNamespaces() {
    for (String file : List.of("base/rbac.yaml", "samples/namespace.yaml")) {
      kubectl.says("apply", "--server-side", "-f", Overlay.shipped(file).toString());
    }
  }

  @AfterAll
  void close() {
    controlPlane.close();
  }

  static Stream<Overlay> shipped() {
    return Stream.of("base", "default", "overlays/kind", "overlays/openshift", "samples")
        .map(Overlay::shipped);
  }

  static Stream<Overlay> withComponents() {
    return Stream.of(
            List.of("namespaced"),
            List.of("sidecar"),
            List.of("namespaced", "sidecar"),
            List.of("cert-manager", "monitoring"),
            List.of("cert-manager", "namespaced", "sidecar"))
        .map(names -> Overlay.of("dry-" + String.join("-", names), names, Map.of()));
  }

  @ParameterizedTest
  @MethodSource({"shipped", "withComponents"})
  void the_API_server_knows_each_field_and_warns_of_none(Overlay overlay) {
    String said =
        kubectl.says(
            "apply",
            "--server-side",
            "--force-conflicts",
            "--dry-run=server",
            "--validate=strict",
            "-k",
            overlay.toString());

    assertThat(said).contains("serverside-applied").doesNotContain("Warning");
  }

  @Test
  void a_way_to_cert_manager_and_back_leaves_nothing_of_the_other_one() {
    Document install = Document.of("install.md");
    Overlay theirs = Overlay.of("switched", List.of("cert-manager"), Map.of());
    String annotation = "-o=jsonpath={.metadata.annotations.cert-manager\\.io/inject-ca-from}";

    try {
      kubectl.says("apply", "-k", Overlay.shipped("default").toString());
      makeSecrets("refloat-ca", "refloat-tls");
      kubectl.says("apply", "-k", theirs.toString());
      install.commands("Certificates by cert-manager").forEach(kubectl::saysTo);
      assertThat(secretsAndRights()).isEmpty();
      assertThat(kubectl.says("get", "mutatingwebhookconfiguration", "refloat", annotation))
          .isEqualTo("refloat-system/refloat-webhook");

      makeSecrets("refloat-webhook-authority", "refloat-webhook-certificate");
      kubectl.says("apply", "-k", Overlay.shipped("default").toString());
      install.commands("And back").forEach(kubectl::saysTo);
      assertThat(secretsAndRights()).hasSize(4).allMatch(each -> each.contains("certificates"));
      assertThat(
              kubectl.says(
                  "get",
                  "issuers.cert-manager.io,certificates.cert-manager.io",
                  "-A",
                  "--ignore-not-found"))
          .isEmpty();
      assertThat(kubectl.says("get", "mutatingwebhookconfiguration", "refloat", annotation))
          .isEmpty();
    } finally {
      kubectl.says("delete", "-k", theirs.toString(), "--ignore-not-found", "--timeout=60s");
      makeNamespaces();
    }
  }

  private void makeSecrets(String... names) {
    for (String name : names) {
      kubectl.says("create", "secret", "generic", "-n", Installation.NAMESPACE, name);
    }
  }

  /** Returns all Secrets, and what is about certificates in what the webhook may do. */
  private List<String> secretsAndRights() {
    return Stream.of("secret,role,rolebinding", "clusterrole,clusterrolebinding")
        .flatMap(
            kinds -> kubectl.says("get", kinds, "-n", Installation.NAMESPACE, "-o=name").lines())
        .filter(
            each -> each.startsWith("secret/") || each.contains("/refloat-webhook-certificates"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("withComponents")
  void no_pod_of_ours_has_more_than_it_needs(Overlay overlay) {
    List<Deployment> deployments = rendered(overlay, Deployment.class);
    assertThat(deployments).isNotEmpty();
    for (Deployment deployment : deployments) {
      PodSpec pod = deployment.getSpec().getTemplate().getSpec();
      assertThat(pod.getEnableServiceLinks()).isFalse();
      assertThat(pod.getPriorityClassName()).isEqualTo("system-cluster-critical");
      assertThat(pod.getTopologySpreadConstraints()).isNotEmpty();
      assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
      assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
          .containsEntry("app", deployment.getMetadata().getName());
      Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
          .forEach(container -> assertModest(deployment.getMetadata().getName(), container));
    }
  }

  /** What else is to be is checked by the namespace's level of pod security. */
  private static void assertModest(String deployment, Container container) {
    String name = "%s of %s".formatted(container.getName(), deployment);
    assertThat(container.getResources().getRequests())
        .as(name)
        .isEqualTo(Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi")));
    assertThat(container.getResources().getLimits())
        .as("%s: a limit of CPU would make pods wait", name)
        .isEqualTo(Map.of("memory", new Quantity("128Mi")));
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).as(name).isTrue();
    assertThat(container.getLivenessProbe()).as(name).isNotNull();
  }

  @ParameterizedTest
  @MethodSource({"shipped", "withComponents"})
  void every_right_is_somebody_s_who_is_there(Overlay overlay) {
    Set<String> accounts = names(rendered(overlay, ServiceAccount.class));
    assertThat(rendered(overlay, ClusterRoleBinding.class))
        .flatExtracting(ClusterRoleBinding::getSubjects)
        .extracting(Subject::getName)
        .isSubsetOf(accounts);
    assertThat(rendered(overlay, RoleBinding.class))
        .flatExtracting(RoleBinding::getSubjects)
        .extracting(Subject::getName)
        .isSubsetOf(accounts);
    assertThat(rendered(overlay, Deployment.class))
        .extracting(each -> each.getSpec().getTemplate().getSpec().getServiceAccountName())
        .isSubsetOf(accounts);
  }

  private static Set<String> names(List<? extends HasMetadata> objects) {
    return objects.stream()
        .map(each -> each.getMetadata().getName())
        .collect(Collectors.toUnmodifiableSet());
  }

  private <T extends HasMetadata> List<T> rendered(Overlay overlay, Class<T> kind) {
    String yaml = kubectl.says("kustomize", overlay.toString());
    return controlPlane
        .client()
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }
}
