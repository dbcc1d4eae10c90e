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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} after every single write of a recovery, and a new start (S41).
 *
 * <p>Events are written in the background, Leases whenever their time has come: Events are counted
 * apart from what changes the cluster, and Leases are not. A recovery may need one write more or
 * less, as the race with the scheduler ends, so there are more points than writes: whoever is never
 * killed has finished alone, and the last point of all must be such a one.
 */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What is counted. */
  enum Writes {
    CHANGES(6),
    EVENTS(8);

    /** One more than any recovery of one claim has. */
    private final int points;

    Writes(int points) {
      this.points = points;
    }

    Requests requests() {
      return switch (this) {
        case CHANGES -> Requests.writes("persistentvolumes", "persistentvolumeclaims", "pods");
        case EVENTS -> Requests.writes("events");
      };
    }
  }

  /** Who does what the killed one has left. */
  enum Heir {
    /** One that is started afterwards, as a Deployment does. */
    LATER,
    /** One that watched the same set all the time, and was held up. */
    AT_ONCE
  }

  /**
   * Which of the tests this is.
   *
   * @param data the annotation's value
   */
  record Kind(String data, Heir heir, Writes writes) {

    /** An Event is in nobody's way, whoever is there to see it. */
    static Stream<Kind> all() {
      return Stream.of("keep", "discard")
          .flatMap(
              data ->
                  Stream.of(
                      new Kind(data, Heir.LATER, Writes.CHANGES),
                      new Kind(data, Heir.LATER, Writes.EVENTS),
                      new Kind(data, Heir.AT_ONCE, Writes.CHANGES)));
    }

    Stream<Point> points() {
      return IntStream.rangeClosed(1, writes.points).mapToObj(write -> new Point(this, write));
    }
  }

  /**
   * Where a controller is killed.
   *
   * @param write 1 = after the first
   */
  record Point(Kind kind, int write) {

    String name() {
      return "kill-%s-%s-%s-%d"
          .formatted(kind.data, kind.heir, kind.writes, write)
          .toLowerCase(Locale.ROOT)
          .replace('_', '-');
    }
  }

  /** The write after which the first controller was killed, in words. */
  private final Map<Point, String> killedAfter = new ConcurrentHashMap<>();

  static Stream<Point> points() {
    return Kind.all().flatMap(Kind::points);
  }

  @ParameterizedTest
  @SideBySide
  @MethodSource("points")
  void S40_S41_killed_after_any_write_another_finishes_and_nothing_is_done_twice(
      Point point, Lab lab) {
    Kind kind = point.kind;
    try (Scene scene = Scene.in(lab, point.name())) {
      scene.running(Scene.optedIn("db").annotation("refloat.dev/data", kind.data));
      String volume = scene.volumeOf("data-db-0");
      FaultProxy proxy = scene.proxy();
      RefloatProcess first = scene.controllerBehind(proxy);
      CountDownLatch over = new CountDownLatch(1);
      Rule kill =
          proxy.nth(
              point.write,
              kind.writes.requests(),
              Fault.cutAfter(
                  () -> {
                    first.kill();
                    over.countDown();
                  }));
      if (kind.heir == Heir.AT_ONCE) {
        scene.controllerBehind(scene.heldUpUntil(over));
      }

      String lost = scene.loseNodeOf("db-0");
      Await.within(PATIENCE)
          .until(
              "the first controller is killed, or all is done and told",
              () -> kill.done() > 0 || scene.isTold("Refloated"));
      over.countDown();
      if (kind.heir == Heir.LATER) {
        scene.controller();
      }

      scene.awaitReadyElsewhere("db-0", lost, PATIENCE);
      scene.assertRefloatedOnce("data-db-0");
      if (kind.data.equals("keep")) {
        scene.assertKept(volume);
      } else {
        scene.assertNeverModified(volume);
      }
      assertThat(scene.recorder().pods().uids("db-0").size())
          .as("the first pod, the one that lost its node, and at most one more")
          .isLessThanOrEqualTo(3);
      if (kill.done() > 0) {
        killedAfter.put(
            point, words(proxy.recording().of(kind.writes.requests()).exchanges().getLast()));
      }
    }
  }

  /** Beside what each test has proved: nobody knows in advance how many writes there are. */
  @AfterAll
  void every_write_was_the_last_one_of_somebody() {
    Kind.all()
        .forEach(
            kind -> {
              assertThat(kind.points().flatMap(each -> Stream.ofNullable(killedAfter.get(each))))
                  .as("the last writes of who was killed, %s", kind)
                  .containsSubsequence(writesOf(kind));
              assertThat(killedAfter)
                  .as("whoever was to be killed last")
                  .doesNotContainKey(new Point(kind, kind.writes.points));
            });
  }

  /** The fresh claim is patched to count the attempts (S46). */
  private static List<String> writesOf(Kind kind) {
    if (kind.writes == Writes.EVENTS) {
      return Collections.nCopies(5, "CREATE events");
    }
    List<String> changes =
        List.of(
            "PATCH persistentvolumes",
            "DELETE persistentvolumeclaims",
            "DELETE pods",
            "PATCH persistentvolumeclaims");
    return kind.data.equals("keep") ? changes : changes.subList(1, changes.size());
  }

  @Test
  @SideBySide
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
