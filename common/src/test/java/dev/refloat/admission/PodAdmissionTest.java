package dev.refloat.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.admission.ClaimStorage.OfClass;
import dev.refloat.admission.ClaimStorage.OnVolume;
import dev.refloat.admission.ClaimStorage.Unanswered;
import dev.refloat.admission.ClaimStorage.Undetermined;
import dev.refloat.admission.PodAdmission.Screening;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodAdmissionTest {

  private static final String LABEL = "refloat.dev/local-storage";

  private static final ClaimStorage LOCAL =
      new OnVolume(
          "data-db-0", "pv-1", new VolumeSource.Local(), pinnedBy("kubernetes.io/hostname"));
  private static final ClaimStorage NETWORK = new OfClass("logs-db-0", "ebs", "ebs.csi.aws.com");

  private final PodAdmission admission =
      new PodAdmission(
          new WatchedNamespaces.All(), new LocalStorage(Set.of("disks.example.com"), Set.of()));

  private final Pod pod = new Pod();

  @Test
  void labels_the_pod_of_a_statefulset_that_opted_in_and_has_local_storage() {
    assertThat(decide(pod, LOCAL)).isEqualTo(new Decision.Label(LOCAL));
  }

  @Test
  void one_local_claim_among_others_suffices() {
    assertThat(decide(pod.mounting("logs-db-0", "data-db-0"), NETWORK, LOCAL))
        .isEqualTo(new Decision.Label(LOCAL));
  }

  @Test
  void leaves_a_pod_that_has_the_label_already() {
    assertThat(decide(pod.labelled("true"), LOCAL))
        .isEqualTo(new Decision.Leave(new Decision.LabelledAlready(LOCAL)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "", "yes"})
  void puts_a_label_right_that_has_another_value(String value) {
    assertThat(decide(pod.labelled(value), LOCAL)).isEqualTo(new Decision.Label(LOCAL));
  }

  @Test
  void labels_by_volume_only_where_the_volume_is_pinned_to_one_node() {
    assertThat(label(volume(new VolumeSource.Local(), pinnedBy("kubernetes.io/hostname"))))
        .isTrue();
    assertThat(label(volume(new VolumeSource.HostPath(), pinnedBy("kubernetes.io/hostname"))))
        .isTrue();
    assertThat(
            label(volume(new VolumeSource.Csi("topolvm.io"), pinnedBy("topology.topolvm.io/node"))))
        .isTrue();
    assertThat(
            label(
                volume(
                    new VolumeSource.Csi("disks.example.com"), pinnedBy("kubernetes.io/hostname"))))
        .isTrue();

    assertThat(label(volume(new VolumeSource.Local(), pinnedBy("topology.kubernetes.io/zone"))))
        .isFalse();
    assertThat(label(volume(new VolumeSource.HostPath(), Optional.empty()))).isFalse();
    assertThat(
            label(
                volume(
                    new VolumeSource.Csi("ebs.csi.aws.com"), pinnedBy("kubernetes.io/hostname"))))
        .isFalse();
    assertThat(label(volume(new VolumeSource.Other(), pinnedBy("kubernetes.io/hostname"))))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "rancher.io/local-path,         true",
    "kubernetes.io/no-provisioner,  true",
    "disks.example.com,             true",
    "ebs.csi.aws.com,               false",
    "nfs.csi.k8s.io,                false",
  })
  void labels_by_class_where_there_is_no_volume_yet(String provisioner, boolean labelled) {
    assertThat(label(new OfClass("data-db-0", "some", provisioner))).isEqualTo(labelled);
  }

  @Test
  void labels_where_nobody_can_tell_since_a_label_too_many_costs_nothing() {
    assertThat(label(new Undetermined("data-db-0", "the claim does not exist yet"))).isTrue();
    assertThat(label(new Unanswered("data-db-0", "no answer within 800ms"))).isTrue();
  }

  @Test
  void a_pod_without_local_storage_stays_unlabelled_and_its_owner_is_told() {
    Decision decision = decide(pod, NETWORK);

    assertThat(decision)
        .isEqualTo(new Decision.Leave(new Decision.NoLocalStorage(List.of(NETWORK))));
    assertThat(decision.warnings())
        .containsExactly(
            "refloat.dev/recover has no effect: none of the claims [logs-db-0] is on local storage");
    assertThat(settled(pod.mounting()).warnings())
        .containsExactly("refloat.dev/recover has no effect: the pod mounts no claim");
  }

  @Test
  void a_malformed_opt_in_is_told_mistake_by_mistake_and_earns_no_label() {
    Decision decision =
        settled(
            pod.annotated("refloat.dev/recover", "node-goen")
                .annotated("refloat.dev/after", "soon"));

    assertThat(decision).isInstanceOf(Decision.Leave.class);
    assertThat(decision.reason()).isEqualTo("Malformed");
    assertThat(decision.warnings())
        .satisfiesExactly(
            warning ->
                assertThat(warning)
                    .startsWith("refloat.dev/after is \"soon\"; expected a duration")
                    .endsWith("until its StatefulSet's template is mended"),
            warning -> assertThat(warning).startsWith("refloat.dev/recover is \"node-goen\""));
  }

  @Test
  void a_pod_that_is_not_opted_in_is_nobodys_business() {
    assertThat(settled(pod.annotated("refloat.dev/recover", "false")))
        .isEqualTo(new Decision.Leave(new Decision.NotOptedIn()));
    assertThat(settled(new Pod().without("refloat.dev/recover")))
        .isEqualTo(new Decision.Leave(new Decision.NotOptedIn()));
  }

  @Test
  void a_pod_that_no_statefulset_would_make_again_is_never_labelled() {
    assertThat(settled(pod.ownedBy("apps/v1", "ReplicaSet")).reason()).isEqualTo("NoStatefulSet");
    assertThat(settled(pod.ownedBy("apps.kruise.io/v1beta1", "StatefulSet")).reason())
        .isEqualTo("NoStatefulSet");
    assertThat(settled(pod.ownedByNobody()).reason()).isEqualTo("NoStatefulSet");
  }

  @Test
  void takes_a_label_off_that_was_not_earned() {
    Pod labelled = pod.labelled("true");

    assertThat(settled(labelled.ownedByNobody())).isInstanceOf(Decision.Unlabel.class);
    assertThat(settled(labelled.annotated("refloat.dev/recover", "false")))
        .isEqualTo(new Decision.Unlabel(new Decision.NotOptedIn()));
    assertThat(settled(labelled.annotated("refloat.dev/recover", "maybe")).reason())
        .isEqualTo("Malformed");
    assertThat(decide(labelled, NETWORK))
        .isEqualTo(new Decision.Unlabel(new Decision.NoLocalStorage(List.of(NETWORK))));
  }

  @Test
  void leaves_pods_in_namespaces_that_are_not_watched_whatever_they_say() {
    PodAdmission narrow =
        new PodAdmission(
            new WatchedNamespaces.Only(Set.of("bank")), new LocalStorage(Set.of(), Set.of()));

    assertThat(narrow.screen(pod.labelled("true").facts()))
        .isEqualTo(new Screening.Settled(new Decision.Leave(new Decision.NotWatched("shop"))));
  }

  @Test
  void asks_for_storage_only_where_it_decides() {
    assertThat(admission.screen(pod.facts()))
        .isEqualTo(new Screening.DependsOnStorage(List.of("data-db-0")));
    assertThat(admission.screen(pod.ownedByNobody().facts())).isInstanceOf(Screening.Settled.class);
  }

  private Decision settled(Pod pod) {
    return switch (admission.screen(pod.facts())) {
      case Screening.Settled(Decision decision) -> decision;
      case Screening.DependsOnStorage depends -> throw new AssertionError(depends.toString());
    };
  }

  private Decision decide(Pod pod, ClaimStorage... found) {
    assertThat(admission.screen(pod.facts())).isInstanceOf(Screening.DependsOnStorage.class);
    return admission.decide(pod.facts(), List.of(found));
  }

  private boolean label(ClaimStorage storage) {
    return decide(pod, storage) instanceof Decision.Label;
  }

  private static ClaimStorage volume(VolumeSource source, Optional<NodeSelector> affinity) {
    return new OnVolume("data-db-0", "pv-1", source, affinity);
  }

  private static Optional<NodeSelector> pinnedBy(String key) {
    return Optional.of(
        new NodeSelector(
            List.of(
                new NodeSelector.Term(
                    List.of(
                        new NodeSelector.Requirement(
                            key, NodeSelector.Operator.IN, List.of("node-1"))),
                    List.of()))));
  }

  /** Pod {@code shop/db-0} of a StatefulSet, opted in, with one claim. */
  private record Pod(
      Map<String, String> labels,
      Map<String, String> annotations,
      Optional<PodFacts.Controller> controller,
      List<String> claims) {

    Pod() {
      this(
          Map.of(),
          Map.of("refloat.dev/recover", "true"),
          Optional.of(new PodFacts.Controller("apps/v1", "StatefulSet", "db")),
          List.of("data-db-0"));
    }

    Pod labelled(String value) {
      return new Pod(Map.of(LABEL, value), annotations, controller, claims);
    }

    Pod annotated(String name, String value) {
      Map<String, String> more = new HashMap<>(annotations);
      more.put(name, value);
      return new Pod(labels, more, controller, claims);
    }

    Pod without(String annotation) {
      Map<String, String> less = new HashMap<>(annotations);
      less.remove(annotation);
      return new Pod(labels, less, controller, claims);
    }

    Pod ownedBy(String apiVersion, String kind) {
      return new Pod(
          labels,
          annotations,
          Optional.of(new PodFacts.Controller(apiVersion, kind, "db")),
          claims);
    }

    Pod ownedByNobody() {
      return new Pod(labels, annotations, Optional.empty(), claims);
    }

    Pod mounting(String... names) {
      return new Pod(labels, annotations, controller, List.of(names));
    }

    PodFacts facts() {
      return new PodFacts("shop", "db-0", labels, annotations, controller, claims);
    }
  }
}
