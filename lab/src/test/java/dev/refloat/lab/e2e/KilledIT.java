package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.faults.Exchange;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Request;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.faults.Rule;
import dev.refloat.lab.process.RefloatProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} after every single write of a recovery, and a new start (S41).
 *
 * <p>Events count as writes, Leases do not: an Event is written at one point of a recovery, a Lease
 * whenever its time has come. The points are not numbered in advance, because a recovery may need
 * one write more or less, as the race with the scheduler ends: the next run is killed one write
 * later, until a run ends before it was killed.
 */
@ExtendWith(Lab.Shared.class)
class KilledIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final Requests WRITES =
      Requests.writes("persistentvolumes", "persistentvolumeclaims", "pods", "events");

  /** More writes than any recovery of one claim has. */
  private static final int MOST_WRITES = 15;

  enum Data {
    KEEP("keep"),
    DISCARD("discard");

    private final String word;

    Data(String word) {
      this.word = word;
    }
  }

  @ParameterizedTest
  @EnumSource
  void S41_killed_after_any_write_the_next_start_finishes_and_nothing_is_done_twice(
      Data data, Lab lab) {
    List<String> killedAfter = new ArrayList<>();
    boolean killed = true;
    for (int write = 1; killed; write++) {
      assertThat(write).as("killed after %s", killedAfter).isLessThanOrEqualTo(MOST_WRITES);
      try (Scene scene = Scene.in(lab, "kill-" + data.word + "-" + write)) {
        scene.running(Scene.optedIn("db").annotation("refloat.dev/data", data.word));
        FaultProxy proxy = scene.proxy();
        RefloatProcess first = scene.controllerBehind(proxy);
        Rule rule = proxy.nth(write, WRITES, Fault.cutAfter(first::kill));
        recover(scene, data, rule);
        killed = rule.done() > 0;
        if (killed) {
          killedAfter.add(words(proxy.recording().of(WRITES).exchanges().getLast()));
        }
      }
    }
    List<String> expected = new ArrayList<>(List.of("DELETE persistentvolumeclaims"));
    if (data == Data.KEEP) {
      expected.addFirst("PATCH persistentvolumes");
    }
    assertThat(killedAfter).containsSubsequence(expected).contains("CREATE events");
  }

  private static void recover(Scene scene, Data data, Rule kill) {
    String volume = scene.volumeOf("data-db-0");
    String lost = scene.loseNodeOf("db-0");
    Await.within(PATIENCE)
        .until(
            "the first controller is killed, or all is done and told",
            () -> kill.done() > 0 || scene.isTold("Refloated"));
    scene.controller();
    scene.awaitReadyElsewhere("db-0", lost);

    scene.assertRefloatedOnce("data-db-0");
    switch (data) {
      case KEEP -> scene.assertKept(volume);
      case DISCARD -> scene.assertNeverModified(volume);
    }
    assertThat(scene.recorder().pods().uids("db-0").size())
        .as("the first pod, the one that lost its node, and at most one more")
        .isLessThanOrEqualTo(3);
  }

  @Test
  void S41_a_leader_that_is_killed_is_followed_by_the_next(Lab lab) {
    try (Scene scene = Scene.in(lab, "kill-leader")) {
      scene.running(Scene.optedIn("db"));
      FaultProxy proxy = scene.proxy();
      RefloatProcess first = scene.controllerBehind(proxy, "REFLOAT_LEADER_ELECTION", "true");
      first.awaitLine("leads", Scene::leads, PATIENCE);
      Rule kill =
          proxy.once(Requests.delete("persistentvolumeclaims"), Fault.cutAfter(first::kill));
      String volume = scene.volumeOf("data-db-0");
      RefloatProcess second = scene.controller("REFLOAT_LEADER_ELECTION", "true");

      String lost = scene.loseNodeOf("db-0");

      Await.within(PATIENCE).until("the leader is killed", () -> kill.done() == 1);
      second.awaitLine("leads", Scene::leads, PATIENCE);
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      scene.assertKept(volume);
    }
  }

  private static String words(Exchange exchange) {
    Request request = exchange.request();
    return request.verb() + " " + request.resource();
  }
}
