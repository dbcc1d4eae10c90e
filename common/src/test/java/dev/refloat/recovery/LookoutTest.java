package dev.refloat.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.storage.VolumeSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LookoutTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final Instant SILENT_SINCE = NOW.minusSeconds(300);
  private static final ObjectId ID = new ObjectId("shop", "db-0", "u0", "7");
  private static final Map<String, String> OPTED_IN = Map.of("refloat.dev/recover", "true");
  private static final Optional<Pod.Owner> SET =
      Optional.of(new Pod.Owner("StatefulSet", "db", "s"));

  @Test
  void a_kubelet_is_silent_after_a_minute() {
    assertThat(Lookout.silent(NOW.minusSeconds(60), NOW)).isFalse();
    assertThat(Lookout.silent(NOW.minusSeconds(61), NOW)).isTrue();
    assertThat(Lookout.silent(NOW.plusSeconds(600), NOW)).as("its clock goes wrong").isFalse();
  }

  @Test
  void a_node_that_is_ready_is_not_abandoned_however_old_its_Lease() {
    assertThat(Lookout.abandoned(node(true))).isFalse();
    assertThat(Lookout.abandoned(node(false))).isTrue();
  }

  @Test
  void a_node_that_is_out_of_service_is_cleaned_up_by_Kubernetes() {
    assertThat(
            Lookout.abandoned(
                node(
                    false,
                    new Node.Taint(
                        "node.kubernetes.io/out-of-service", "nodeshutdown", "NoExecute"))))
        .isFalse();
  }

  @Test
  void S17_a_pod_that_is_past_its_deletion_on_a_lost_node_is_told() {
    assertThat(onLostNode(terminating(OPTED_IN, SET, 31)))
        .contains(
            new Finding.TerminatingOnLostNode(ID, "db", "n1", NOW.minusSeconds(31), SILENT_SINCE));
  }

  @Test
  void S17_a_pod_that_has_time_left_or_is_not_being_deleted_is_not() {
    assertThat(onLostNode(terminating(OPTED_IN, SET, 30))).isEmpty();
    assertThat(onLostNode(terminating(OPTED_IN, SET, -600))).isEmpty();
    assertThat(onLostNode(waiting(OPTED_IN, SET, 600))).isEmpty();
  }

  @Test
  void S17_nobody_hears_of_pods_that_did_not_opt_in_or_have_no_set() {
    assertThat(onLostNode(terminating(Map.of(), SET, 600))).isEmpty();
    assertThat(onLostNode(terminating(Map.of("refloat.dev/recover", "false"), SET, 600))).isEmpty();
    assertThat(onLostNode(terminating(OPTED_IN, Optional.empty(), 600))).isEmpty();
    assertThat(
            onLostNode(
                terminating(OPTED_IN, Optional.of(new Pod.Owner("ReplicaSet", "web", "r")), 600)))
        .isEmpty();
  }

  @Test
  void S49_an_unlabelled_pod_is_looked_at_once_it_has_waited_for_longer_than_the_scheduler_takes() {
    assertThat(Lookout.waitsUnlabelled(waiting(OPTED_IN, SET, 30), NOW)).isFalse();
    assertThat(Lookout.waitsUnlabelled(waiting(OPTED_IN, SET, 31), NOW)).isTrue();
    assertThat(Lookout.waitsUnlabelled(waiting(Map.of(), SET, 31), NOW)).isFalse();
    assertThat(Lookout.waitsUnlabelled(waiting(OPTED_IN, Optional.empty(), 31), NOW)).isFalse();
    assertThat(Lookout.waitsUnlabelled(terminating(OPTED_IN, SET, 31), NOW)).isFalse();
  }

  @Test
  void S49_a_pod_that_the_webhook_would_label_is_told_with_its_claim() {
    ClaimStorage local =
        new ClaimStorage.OnVolume("data-db-0", "pv-1", new VolumeSource.Local(), Optional.empty());
    ClaimStorage ofClass = new ClaimStorage.OfClass("data-db-0", "fast", "local.example");

    Finding told = new Finding.UnlabelledButStranded(ID, "db", "data-db-0");
    assertThat(Lookout.unlabelled(waiting(OPTED_IN, SET, 60), new Decision.Label(local)))
        .contains(told);
    assertThat(Lookout.unlabelled(waiting(OPTED_IN, SET, 60), new Decision.Label(ofClass)))
        .contains(told);
  }

  @Test
  void
      S49_nobody_is_woken_up_by_a_pod_that_has_earned_no_label_or_may_have_for_all_that_is_known() {
    PodMetadata pod = waiting(OPTED_IN, SET, 60);

    assertThat(Lookout.unlabelled(pod, new Decision.Leave(new Decision.NoLocalStorage(List.of()))))
        .isEmpty();
    assertThat(
            Lookout.unlabelled(
                pod, new Decision.Label(new ClaimStorage.Undetermined("data-db-0", "no class"))))
        .isEmpty();
    assertThat(
            Lookout.unlabelled(
                pod, new Decision.Label(new ClaimStorage.Unanswered("data-db-0", "504"))))
        .isEmpty();
  }

  private static Optional<Finding> onLostNode(PodMetadata pod) {
    return Lookout.onAbandonedNode(pod, "n1", SILENT_SINCE, NOW);
  }

  private static PodMetadata terminating(
      Map<String, String> annotations, Optional<Pod.Owner> owner, int overdue) {
    return new PodMetadata(
        ID, NOW.minusSeconds(3_600), Optional.of(NOW.minusSeconds(overdue)), annotations, owner);
  }

  private static PodMetadata waiting(
      Map<String, String> annotations, Optional<Pod.Owner> owner, int age) {
    return new PodMetadata(ID, NOW.minusSeconds(age), Optional.empty(), annotations, owner);
  }

  private static Node node(boolean ready, Node.Taint... taints) {
    return new Node("n1", "un", NOW, Map.of(), false, List.of(taints), ready, NOW);
  }
}
