package dev.refloat.recovery;

import static dev.refloat.recovery.Given.stranded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class StrandedTest {

  @Test
  void S06_a_pod_with_a_node_is_never_touched_however_Pending_it_is() {
    assertThat(
            stranded()
                .pod(pod("Pending", Optional.of("n1"), Optional.empty(), false, false))
                .judged())
        .isEqualTo(new Verdict.Leave.HasNode("n1"));
  }

  @Test
  void a_running_pod_is_never_touched() {
    assertThat(
            stranded()
                .pod(pod("Running", Optional.empty(), Optional.empty(), false, false))
                .judged())
        .isEqualTo(new Verdict.Leave.NotPending("Running"));
  }

  @Test
  void S05_a_pod_that_waits_for_its_gates() {
    assertThat(
            stranded()
                .pod(pod("Pending", Optional.empty(), Optional.empty(), true, false))
                .judged())
        .isEqualTo(new Verdict.Leave.Gated());
  }

  @Test
  void S05_a_pod_that_the_scheduler_has_nominated_a_node_for() {
    assertThat(
            stranded()
                .pod(pod("Pending", Optional.empty(), Optional.of("n3"), false, false))
                .judged())
        .isEqualTo(new Verdict.Leave.Nominated("n3"));
  }

  @Test
  void S05_a_nomination_for_a_node_that_is_gone_keeps_nobody_waiting() {
    assertThat(
            stranded()
                .pod(pod("Pending", Optional.empty(), Optional.of("n1"), false, false))
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S05_a_pod_that_is_going() {
    assertThat(
            stranded()
                .pod(pod("Pending", Optional.empty(), Optional.empty(), false, true))
                .judged())
        .isEqualTo(new Verdict.Leave.Terminating());
  }

  private static UnaryOperator<Pod> pod(
      String phase,
      Optional<String> node,
      Optional<String> nominated,
      boolean gated,
      boolean terminating) {
    return pod ->
        new Pod(
            pod.id(),
            pod.annotations(),
            phase,
            node,
            nominated,
            gated,
            terminating,
            pod.createdAt(),
            pod.controller(),
            pod.volumes(),
            pod.readySince(),
            pod.placement());
  }
}
