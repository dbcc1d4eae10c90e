package dev.refloat.lab.binaries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GoModuleTest {

  private static GoModule module(String goMod) {
    return new GoModule("test", List.of(), goMod, "sums");
  }

  @ParameterizedTest
  @EnumSource
  void the_pinned_modules_build_every_program_of_the_control_plane_once(
      KubernetesVersion kubernetes) {
    assertThat(
            GoModule.thatBuild(Program.OF_THE_CONTROL_PLANE, kubernetes).stream()
                .flatMap(module -> module.programs().stream()))
        .containsExactlyInAnyOrderElementsOf(Program.OF_THE_CONTROL_PLANE);
  }

  @Test
  void whoever_has_fake_nodes_only_builds_nothing_for_real_ones() {
    assertThat(GoModule.thatBuild(Program.OF_REAL_NODES, KubernetesVersion.USUAL))
        .extracting(GoModule::name)
        .containsExactly("node-1.36.3", "coredns");
    assertThat(
            GoModule.all(KubernetesVersion.USUAL).stream().flatMap(one -> one.programs().stream()))
        .containsExactlyInAnyOrder(Program.values());
  }

  @Test
  void a_program_that_is_not_pinned_for_a_version_is_told() {
    assertThatThrownBy(() -> GoModule.thatBuild(Program.OF_REAL_NODES, KubernetesVersion.OLDEST))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessage(
            "there is no kubelet, kube-proxy of Kubernetes 1.30.14 here; real nodes are made of"
                + " 1.36.3 only");
  }

  @ParameterizedTest
  @EnumSource
  void the_pinned_modules_say_which_go_they_need(KubernetesVersion kubernetes) {
    assertThat(GoModule.all(kubernetes))
        .allSatisfy(module -> assertThat(module.needs().minor()).isGreaterThanOrEqualTo(26));
  }

  @ParameterizedTest
  @EnumSource
  void the_module_of_a_version_requires_exactly_that_version(KubernetesVersion kubernetes) {
    assertThat(GoModule.all(kubernetes))
        .filteredOn(
            module ->
                module.programs().contains(Program.APISERVER)
                    || module.programs().contains(Program.KUBELET))
        .isNotEmpty()
        .allSatisfy(
            module -> assertThat(module.versionOf("k8s.io/kubernetes")).hasValue("v" + kubernetes));
  }

  @Test
  void kubernetes_reports_the_version_that_go_mod_requires() {
    GoModule module = module("go 1.26.0\nrequire (\n\tk8s.io/kubernetes v1.36.3 // indirect\n)\n");

    assertThat(module.linkerFlags())
        .contains("version.gitVersion=v1.36.3")
        .contains("version.gitMajor=1")
        .contains("version.gitMinor=36");
  }

  @Test
  void a_dependency_with_a_similar_name_is_another_one() {
    GoModule module = module("go 1.26.0\nrequire (\n\tk8s.io/kubernetes-csi v9.9.9\n)\n");

    assertThat(module.versionOf("k8s.io/kubernetes")).isEmpty();
    assertThat(module.linkerFlags()).isEqualTo("-s -w");
  }

  @Test
  void the_key_changes_with_either_file_and_with_what_is_left_out() {
    GoModule module = module("go 1.26.0\n");

    assertThat(module.key()).hasSize(64).isEqualTo(module("go 1.26.0\n").key());
    assertThat(module.key()).isNotEqualTo(module("go 1.26.1\n").key());
    assertThat(module.key())
        .isNotEqualTo(new GoModule("test", List.of(), "go 1.26.0\n", "other sums").key());
    GoModule without = module("go 1.26.0\nrequire github.com/prometheus/prometheus v0.313.5\n");
    assertThat(without.tags()).isNotEmpty();
    assertThat(without.key())
        .isNotEqualTo(DigestUtils.sha256Hex(without.goMod() + without.goSum()));
  }

  @ParameterizedTest
  @CsvSource({
    "go1.26.0, true",
    "go1.26.8, true",
    "go1.27, true",
    "go1.100.1, true",
    "go1.26rc2, true",
    "go1.26.3 X:nocoverageredesign, true",
    "go1.25.9, false",
    "go1.9, false",
    "devel +abc, false",
  })
  void a_go_is_new_enough_or_not(String said, boolean enough) {
    GoVersion needed = GoVersion.parse("1.26.0").orElseThrow();

    assertThat(GoVersion.parse(said).map(version -> version.covers(needed)).orElse(false))
        .isEqualTo(enough);
  }
}
