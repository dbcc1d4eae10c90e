package dev.refloat.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchdogTest {

  private static final Instant OPENED = Instant.parse("2026-11-23T10:00:00Z");
  private static final SetKey DB = new SetKey("shop", "db");

  private final Watchdog watchdog = new Watchdog(OPENED);

  @Test
  void a_watch_that_has_told_what_a_list_shows_is_well() {
    assertThat(watchdog.look(Map.of("u1", pod("u1", "7")), Map.of("u1", pod("u1", "7")), after(60)))
        .isEqualTo(new Watchdog.Look.Well());
  }

  @Test
  void one_difference_proves_nothing_but_two_looks_that_differ_about_the_same_pod_do() {
    Map<String, Suspect> listed = Map.of("u1", pod("u1", "7"));

    assertThat(watchdog.look(listed, Map.of(), after(60)))
        .isEqualTo(new Watchdog.Look.Doubtful(Set.of("u1")));
    assertThat(watchdog.look(listed, Map.of(), after(65)))
        .isEqualTo(new Watchdog.Look.Dead(new WatchEnd.Behind(List.of("shop/u1"))));
  }

  @Test
  void a_second_look_that_comes_too_soon_proves_nothing_either() {
    Map<String, Suspect> listed = Map.of("u1", pod("u1", "7"));
    var _ = watchdog.look(listed, Map.of(), after(60));

    assertThat(watchdog.look(listed, Map.of(), after(63)))
        .isInstanceOf(Watchdog.Look.Doubtful.class);
  }

  @Test
  void a_pod_that_the_watch_still_knows_and_no_list_shows_proves_it_dead_as_well() {
    Map<String, Suspect> known = Map.of("u1", pod("u1", "7"));
    var _ = watchdog.look(Map.of(), known, after(60));

    assertThat(watchdog.look(Map.of(), known, after(65)))
        .isEqualTo(new Watchdog.Look.Dead(new WatchEnd.Behind(List.of("shop/u1"))));
  }

  @Test
  void an_older_version_of_a_pod_proves_it_dead_as_well() {
    Map<String, Suspect> known = Map.of("u1", pod("u1", "7"));
    var _ = watchdog.look(Map.of("u1", pod("u1", "8")), known, after(60));

    assertThat(watchdog.look(Map.of("u1", pod("u1", "9")), known, after(65)))
        .isInstanceOf(Watchdog.Look.Dead.class);
  }

  @Test
  void a_pod_that_changes_all_the_time_and_is_told_of_is_no_proof() {
    for (int second = 60; second < 600; second += 5) {
      Watchdog.Look look =
          watchdog.look(
              Map.of("u1", pod("u1", "v" + (second + 1))),
              Map.of("u1", pod("u1", "v" + second)),
              after(second));
      watchdog.heard(after(second));

      assertThat(look).isInstanceOf(Watchdog.Look.Doubtful.class);
    }
  }

  @Test
  void a_doubt_that_is_cleared_is_forgotten() {
    Map<String, Suspect> listed = Map.of("u1", pod("u1", "7"));
    var _ = watchdog.look(listed, Map.of(), after(60));
    var _ = watchdog.look(listed, listed, after(65));

    assertThat(watchdog.look(listed, Map.of(), after(125)))
        .isEqualTo(new Watchdog.Look.Doubtful(Set.of("u1")));
  }

  @Test
  void other_pods_that_differ_at_the_second_look_are_a_first_look_at_them() {
    var _ = watchdog.look(Map.of("u1", pod("u1", "7")), Map.of(), after(60));

    assertThat(
            watchdog.look(
                Map.of("u2", pod("u2", "9"), "u1", pod("u1", "7")),
                Map.of("u1", pod("u1", "7")),
                after(65)))
        .isEqualTo(new Watchdog.Look.Doubtful(Set.of("u2")));
  }

  @Test
  void a_quiet_watch_that_gets_its_bookmarks_lives_and_one_that_misses_two_is_dead() {
    watchdog.heard(after(60));

    assertThat(watchdog.look(Map.of(), Map.of(), after(210))).isEqualTo(new Watchdog.Look.Well());
    assertThat(watchdog.look(Map.of(), Map.of(), after(211)))
        .isEqualTo(new Watchdog.Look.Dead(new WatchEnd.Silent(Duration.ofSeconds(151))));
  }

  private static Instant after(int seconds) {
    return OPENED.plusSeconds(seconds);
  }

  private static Suspect pod(String uid, String version) {
    return new Suspect(new ObjectId("shop", uid, uid, version), DB, OPENED);
  }
}
