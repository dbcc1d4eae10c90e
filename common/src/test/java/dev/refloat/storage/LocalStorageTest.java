package dev.refloat.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LocalStorageTest {

  private static final LocalStorage KNOWN = new LocalStorage(Set.of(), Set.of());
  private static final NodeSelector ON_N1 = in("kubernetes.io/hostname", "n1");

  @Test
  void a_local_volume_is_pinned_to_the_hostname_of_its_affinity() {
    assertThat(KNOWN.of(new VolumeSource.Local(), Optional.of(ON_N1)))
        .isEqualTo(
            new Locality.Pinned(
                ON_N1,
                new TreeSet<>(Set.of("kubernetes.io/hostname")),
                new TreeSet<>(Set.of("n1")),
                new TreeSet<>(Set.of("n1"))));
  }

  @Test
  void a_host_path_is_local_only_with_an_affinity() {
    assertThat(KNOWN.of(new VolumeSource.HostPath(), Optional.of(ON_N1)))
        .isInstanceOf(Locality.Pinned.class);
    assertThat(KNOWN.of(new VolumeSource.HostPath(), Optional.empty()))
        .isEqualTo(new Locality.NotLocal());
  }

  @Test
  void a_known_driver_is_local_by_its_own_key() {
    NodeSelector own = in("topology.topolvm.io/node", "n1");

    assertThat(KNOWN.of(new VolumeSource.Csi("topolvm.io"), Optional.of(own)))
        .isInstanceOf(Locality.Pinned.class);
  }

  @Test
  void S04_any_other_driver_is_not_local_whatever_its_affinity() {
    assertThat(KNOWN.of(new VolumeSource.Csi("ebs.csi.aws.com"), Optional.of(ON_N1)))
        .isEqualTo(new Locality.NotLocal());
    assertThat(KNOWN.of(new VolumeSource.Other(), Optional.of(ON_N1)))
        .isEqualTo(new Locality.NotLocal());
  }

  @Test
  void S03_every_term_must_name_one_node() {
    NodeSelector mixed =
        new NodeSelector(
            List.of(
                ON_N1.terms().getFirst(),
                in("topology.kubernetes.io/zone", "a").terms().getFirst()));

    assertThat(KNOWN.of(new VolumeSource.Local(), Optional.of(mixed)))
        .isInstanceOf(Locality.NotOneNode.class);
    assertThat(KNOWN.of(new VolumeSource.Local(), Optional.empty()))
        .isEqualTo(new Locality.NotOneNode("none"));
  }

  @Test
  void an_administrator_can_add_a_driver_and_its_key() {
    LocalStorage more =
        new LocalStorage(Set.of("disks.example.com"), Set.of("disks.example.com/node"));
    Optional<NodeSelector> own = Optional.of(in("disks.example.com/node", "n1"));

    assertThat(KNOWN.of(new VolumeSource.Csi("disks.example.com"), own))
        .isEqualTo(new Locality.NotLocal());
    assertThat(more.of(new VolumeSource.Csi("disks.example.com"), own))
        .isInstanceOf(Locality.Pinned.class);
    assertThat(more.mayBeLocal("disks.example.com")).isTrue();
  }

  @Test
  void classes_whose_volumes_are_made_by_hand_may_be_local() {
    assertThat(KNOWN.mayBeLocal("kubernetes.io/no-provisioner")).isTrue();
    assertThat(KNOWN.mayBeLocal("rancher.io/local-path")).isTrue();
    assertThat(KNOWN.mayBeLocal("ebs.csi.aws.com")).isFalse();
  }

  private static NodeSelector in(String key, String value) {
    return new NodeSelector(
        List.of(
            new NodeSelector.Term(
                List.of(
                    new NodeSelector.Requirement(key, NodeSelector.Operator.IN, List.of(value))),
                List.of())));
  }

  @Test
  void S11_every_name_by_which_the_node_is_called_is_known() {
    NodeSelector both =
        new NodeSelector(
            List.of(
                new NodeSelector.Term(
                    List.of(
                        new NodeSelector.Requirement(
                            "kubernetes.io/hostname",
                            NodeSelector.Operator.IN,
                            List.of("n1.internal")),
                        new NodeSelector.Requirement(
                            "topology.topolvm.io/node", NodeSelector.Operator.IN, List.of("n1"))),
                    List.of(
                        new NodeSelector.Requirement(
                            "metadata.name", NodeSelector.Operator.IN, List.of("n-one"))))));

    assertThat(KNOWN.of(new VolumeSource.Local(), Optional.of(both)))
        .isEqualTo(
            new Locality.Pinned(
                both,
                new TreeSet<>(Set.of("kubernetes.io/hostname")),
                new TreeSet<>(Set.of("n1.internal")),
                new TreeSet<>(Set.of("n-one", "n1", "n1.internal"))));
  }

  @Test
  void S03_a_volume_on_any_of_several_nodes_is_not_on_one() {
    NodeSelector either =
        new NodeSelector(
            List.of(
                new NodeSelector.Term(
                    List.of(
                        new NodeSelector.Requirement(
                            "kubernetes.io/hostname",
                            NodeSelector.Operator.IN,
                            List.of("n1", "n2"))),
                    List.of())));

    assertThat(KNOWN.of(new VolumeSource.Local(), Optional.of(either)))
        .isInstanceOf(Locality.NotOneNode.class);
  }
}
