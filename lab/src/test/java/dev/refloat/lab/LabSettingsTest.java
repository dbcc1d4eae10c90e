package dev.refloat.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabSettingsTest {

  @Test
  void everything_lives_in_the_users_cache() {
    LabSettings settings = LabSettings.from(Map.of("HOME", "/home/ada"));

    assertThat(settings.cache()).isEqualTo(Path.of("/home/ada/.cache/refloat"));
    assertThat(settings.builds()).isEqualTo(Path.of("/home/ada/.cache/refloat/control-plane"));
    assertThat(settings.readyBinaries()).isEmpty();
    assertThat(settings.existingCluster()).isEmpty();
  }

  @Test
  void the_cache_can_be_elsewhere() {
    LabSettings settings =
        LabSettings.from(Map.of("HOME", "/home/ada", "XDG_CACHE_HOME", "/scratch/ada"));

    assertThat(settings.cache()).isEqualTo(Path.of("/scratch/ada/refloat"));
  }

  @Test
  void a_blank_variable_is_not_set() {
    LabSettings settings = LabSettings.from(Map.of("HOME", "/home/ada", LabSettings.BINARIES, " "));

    assertThat(settings.readyBinaries()).isEmpty();
  }

  @Test
  void the_two_other_ways_are_paths() {
    LabSettings settings =
        LabSettings.from(
            Map.of(
                "HOME",
                "/home/ada",
                LabSettings.BINARIES,
                "/opt/kubernetes/../kubernetes/bin",
                LabSettings.KUBECONFIG,
                "/home/ada/.kube/config"));

    assertThat(settings.readyBinaries()).contains(Path.of("/opt/kubernetes/bin"));
    assertThat(settings.existingCluster()).contains(Path.of("/home/ada/.kube/config"));
  }

  @Test
  void a_version_of_Kubernetes_can_be_chosen() {
    assertThat(LabSettings.from(Map.of(LabSettings.KUBERNETES, " 1.30.14 ")).kubernetes())
        .hasValue("1.30.14");
    assertThat(LabSettings.from(Map.of(LabSettings.KUBERNETES, "")).kubernetes()).isEmpty();
  }

  @Test
  void real_nodes_can_be_required_or_off() {
    assertThat(LabSettings.from(Map.of(LabSettings.REAL_NODES, "off")).realNodes()).hasValue("off");
    assertThat(LabSettings.from(Map.of()).realNodes()).isEmpty();
  }
}
