package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pod that was recovered and finds no node, which only the scheduler could know (S57). */
@InTheBackground
@ExtendWith(Lab.Shared.class)
class NoRoomIT {

  @Test
  void S57_a_recovered_pod_that_finds_no_room_keeps_no_other_set_waiting(Lab lab) {
    try (Harbour narrow = Harbour.open(lab, "no-room", "REFLOAT_MAX_CONCURRENT", "1")) {
      Berth next = narrow.berth("s57next");
      next.running(next.set());
      Berth stuck = stuck(narrow, "s57");
      stuck.world().awaitUnschedulable(stuck.pod());

      // WHEN another set is stranded, THEN it does not wait for the first
      next.loseHome();
      next.isRefloated();
      assertThat(stuck.messages(stuck.pod())).doesNotContain("Cleanup completed");

      // AND when there is room, the first goes on
      stuck.world().add(stuck.node("s57-room"));
      stuck.awaitMessage(stuck.pod(), "Cleanup completed");
      assertThat(stuck.world().nodeOf(stuck.pod())).contains("s57-room");
      assertThat(narrow.scene().recorder().claims().uids(stuck.claim())).hasSize(2);
    }
  }

  @Test
  void S57_a_recovered_pod_without_a_node_is_told_after_two_minutes(Lab lab) {
    try (Harbour harbour = Harbour.open(lab, "two-minutes")) {
      Berth stuck = stuck(harbour, "s57late");

      harbour
          .controller()
          .awaitLine(
              "says that the pod has no node",
              line -> line.message().equals("Recovered pod is not bound to a node"),
              Duration.ofMinutes(3));

      assertThat(harbour.controller().get("/metrics"))
          .contains("refloat_recovered_but_not_bound 1.0");
      Await.seconds(10)
          .until("an Event tells it", () -> harbour.scene().isTold("RecoveredButNotBound"));
      assertThat(harbour.scene().recorder().claims().uids(stuck.claim())).hasSize(2);

      // AND when there is room, that is told as well, and what a person has cleared stays so
      stuck.clearLoopGuard(stuck.claim());
      stuck.world().add(stuck.node("s57late-room"));
      stuck.awaitMessage(stuck.pod(), "Cleanup completed");
      Await.seconds(10)
          .until(
              "it does not count any more",
              () ->
                  harbour
                      .controller()
                      .get("/metrics")
                      .contains("refloat_recovered_but_not_bound 0.0"));
      assertThat(stuck.claimResource(stuck.claim()).get().getMetadata().getAnnotations())
          .doesNotContainKey(Berth.ATTEMPT);
    }
  }

  /**
   * A set whose claim is given up, and whose refuge is too small, which only the scheduler knows.
   */
  private static Berth stuck(Harbour harbour, String name) {
    Berth stuck = harbour.berth(name).addHome();
    harbour.scene().running(stuck.set().cpu("3"));
    stuck.world().add(stuck.node(stuck.refuge()).cpu("1"));
    stuck.loseHome();
    stuck.awaitMessage(stuck.pod(), "Successfully deleted PVC");
    return stuck;
  }
}
