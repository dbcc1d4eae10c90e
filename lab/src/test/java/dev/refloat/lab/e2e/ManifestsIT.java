package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabExtension;
import dev.refloat.lab.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is applied to a cluster: whether the API server takes it, and what it must not lack. */
@ExtendWith(LabExtension.class)
class ManifestsIT {

  private ControlPlane controlPlane;
  private Kubectl kubectl;

  @BeforeEach
  void namespaces(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
    kubectl = Kubectl.on(controlPlane);
    // A namespace that is only rehearsed has no room for what is in it, and no level of security.
    for (String file : List.of("base/rbac.yaml", "samples/namespace.yaml")) {
      Kubectl.Outcome outcome =
          kubectl.run(
              "apply",
              "--server-side",
              "--force-conflicts",
              "-f",
              Overlay.shipped(file).toString());
      assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }
  }

  static Stream<Overlay> shipped() {
    return Stream.of("base", "default", "overlays/kind", "overlays/openshift", "samples")
        .map(Overlay::shipped);
  }

  static Stream<Overlay> withComponents() {
    return Stream.of("namespaced", "sidecar")
        .map(component -> Overlay.of("dry-" + component, List.of(component), Map.of()));
  }

  @ParameterizedTest
  @MethodSource({"shipped", "withComponents"})
  void the_API_server_knows_each_field_and_warns_of_none(Overlay overlay) {
    Kubectl.Outcome outcome =
        kubectl.run(
            "apply",
            "--server-side",
            "--force-conflicts",
            "--dry-run=server",
            "--validate=strict",
            "-k",
            overlay.toString());

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("serverside-applied").doesNotContain("Warning");
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
    assertThat(container.getReadinessProbe()).as(name).isNotNull();
  }

  private <T extends HasMetadata> List<T> rendered(Overlay overlay, Class<T> kind) {
    Kubectl.Outcome yaml = kubectl.run("kustomize", overlay.toString());
    assertThat(yaml.exitCode()).as(yaml.output()).isZero();
    return controlPlane
        .client()
        .load(new ByteArrayInputStream(yaml.output().getBytes(StandardCharsets.UTF_8)))
        .items()
        .stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }
}
