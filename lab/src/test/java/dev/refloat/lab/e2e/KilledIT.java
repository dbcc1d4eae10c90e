package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.faults.Rule;
import dev.refloat.lab.process.RefloatProcess;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} after every single write of a recovery, and a new start (S41).
 *
 * <p>What changes the cluster is told by its kind: how many writes a recovery takes depends on how
 * the race with the scheduler ends, which may cost a second delete of the pod. Events are counted,
 * because they are written in the background, in an order of their own. Leases are written whenever
 * their time has come.
 */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Requests EVENTS = Requests.writes("events");

  /** One more than any recovery of one claim has. */
  private static final int MOST_EVENTS = 8;

  /** What a recovery changes, in its order. */
  private static final List<Requests> CHANGES =
      List.of(
          Requests.patch("persistentvolumes"),
          Requests.delete("persistentvolumeclaims"),
          Requests.delete("pods"),
          // The fresh claim counts the attempts (S46).
          Requests.patch("persistentvolumeclaims"));

  /** Who does what the killed one has left. */
  enum Heir {
    /** One that is started afterwards, as a Deployment does. */
    LATER,
    /** One that watched the same set all the time, and was held up. */
    AT_ONCE
  }

  private final Set<Integer> eventsThatKilled = ConcurrentHashMap.newKeySet();

  static Stream<Arguments> changes() {
    return Stream.of("keep", "discard")
        .flatMap(
            data ->
                Stream.of(Heir.values())
                    .flatMap(
                        heir ->
                            CHANGES.stream()
                                .skip(data.equals("keep") ? 0 : 1)
                                .map(
                                    change ->
                                        argumentSet(
                                            "%s, %s, heir %s".formatted(data, words(change), heir),
                                            data,
                                            change,
                                            heir))));
  }

  @ParameterizedTest
  @SideBySide
  @MethodSource("changes")
  void S40_S41_killed_after_any_change_another_finishes_and_nothing_is_done_twice(
      String data, Requests change, Heir heir, Lab lab) {
    String name =
        "kill-%s-%s-%d".formatted(data, heir, CHANGES.indexOf(change)).toLowerCase(Locale.ROOT);
    try (Scene scene = Scene.in(lab, name.replace('_', '-'))) {
      Killed killed = Killed.after(1, change, data, heir, scene);

      killed.assertFinishedOnce();

      assertThat(killed.rule().done()).as("killed after %s", words(change)).isOne();
      assertThat(killed.proxy().recording().of(Requests.writes()).exchanges())
          .as("every change of a recovery has a test")
          .filteredOn(exchange -> !EVENTS.include(exchange.request()))
          .allSatisfy(
              exchange -> assertThat(CHANGES).anyMatch(each -> each.include(exchange.request())));
    }
  }

  static Stream<Arguments> events() {
    return Stream.of("keep", "discard")
        .flatMap(
            data ->
                IntStream.rangeClosed(1, MOST_EVENTS)
                    .mapToObj(
                        event -> argumentSet("%s, event %d".formatted(data, event), data, event)));
  }

  @ParameterizedTest
  @SideBySide
  @MethodSource("events")
  void S41_killed_after_any_event_the_next_start_finishes_and_nothing_is_done_twice(
      String data, int event, Lab lab) {
    try (Scene scene = Scene.in(lab, "kill-" + data + "-event-" + event)) {
      Killed killed = Killed.after(event, EVENTS, data, Heir.LATER, scene);

      killed.assertFinishedOnce();

      if (killed.rule().done() > 0) {
        eventsThatKilled.add(event);
      }
    }
  }

  /** Beside what each test has proved: nobody knows in advance how many Events there are. */
  @AfterAll
  void every_event_was_the_last_write_of_somebody() {
    assertThat(eventsThatKilled).contains(1, 2, 3, 4, 5).doesNotContain(MOST_EVENTS);
  }

  /**
   * A controller that was killed, or has finished before it came to that, and its heir.
   *
   * @param volume of the lost claim
   * @param lost the node
   */
  private record Killed(
      Scene scene, String data, FaultProxy proxy, Rule rule, String volume, String lost) {

    static Killed after(int number, Requests writes, String data, Heir heir, Scene scene) {
      scene.running(Scene.optedIn("db").annotation("refloat.dev/data", data));
      String volume = scene.volumeOf("data-db-0");
      FaultProxy proxy = scene.proxy();
      RefloatProcess first = scene.controllerBehind(proxy);
      CountDownLatch over = new CountDownLatch(1);
      Rule rule =
          proxy.nth(
              number,
              writes,
              Fault.cutAfter(
                  () -> {
                    first.kill();
                    over.countDown();
                  }));
      if (heir == Heir.AT_ONCE) {
        scene.controllerBehind(scene.heldUpUntil(over));
      }
      String lost = scene.loseNodeOf("db-0");
      Await.within(PATIENCE)
          .until(
              "the first controller is killed, or all is done and told",
              () -> rule.done() > 0 || scene.isTold("Refloated"));
      over.countDown();
      if (heir == Heir.LATER) {
        scene.controller();
      }
      return new Killed(scene, data, proxy, rule, volume, lost);
    }

    void assertFinishedOnce() {
      scene.awaitReadyElsewhere("db-0", lost, PATIENCE);
      scene.assertRefloatedOnce("data-db-0");
      if (data.equals("keep")) {
        scene.assertKept(volume);
      } else {
        scene.assertNeverModified(volume);
      }
      assertThat(scene.recorder().pods().uids("db-0").size())
          .as("the first pod, the one that lost its node, and at most one more")
          .isLessThanOrEqualTo(3);
    }
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

  private static String words(Requests requests) {
    return requests.verbs().iterator().next() + " " + requests.resources().iterator().next();
  }
}
