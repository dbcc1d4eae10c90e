package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Names;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.Cluster;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Placement;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.PodStorage;
import dev.refloat.recovery.Policy;
import dev.refloat.recovery.Sightings;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.SpareVolumes;
import dev.refloat.recovery.Traffic;
import dev.refloat.settings.Percentage;
import dev.refloat.storage.LocalStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** S57: read from the cluster, so that a restart changes nothing. */
class UnboundTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
  private static final SetKey DB = new SetKey("shop", "db");
  private static final Map<String, String> OURS = Map.of(Names.ATTEMPT, "1");

  private final Unbound unbound = new Unbound();

  @Test
  void S57_a_set_is_busy_while_a_claim_with_our_mark_has_no_volume() {
    assertThat(Unbound.in(List.of(waiting("db-1", OURS, 10), waiting("db-0", Map.of(), 10))))
        .contains("db-1");
  }

  @Test
  void a_claim_that_is_not_ours_makes_no_set_busy() {
    assertThat(Unbound.in(List.of(waiting("db-0", Map.of(), 999)))).isEmpty();
    assertThat(unbound.news(DB, waiting("db-0", Map.of(), 999))).isEmpty();
  }

  @Test
  void S57_what_is_not_bound_after_two_minutes_is_told_once() {
    assertThat(unbound.news(DB, waiting("db-0", OURS, 119))).isEmpty();
    assertThat(unbound.count()).isZero();

    assertThat(unbound.news(DB, waiting("db-0", OURS, 120)))
        .contains(new Unbound.Late(TEN.minusSeconds(120), Duration.ofMinutes(2)));
    assertThat(unbound.count()).isEqualTo(1);
    assertThat(unbound.news(DB, waiting("db-0", OURS, 125))).isEmpty();
  }

  @Test
  void what_waits_no_more_is_forgotten() {
    var _ = unbound.news(DB, waiting("db-0", OURS, 120));

    unbound.retain(DB, Set.of("db-1"));

    assertThat(unbound.count()).isZero();
  }

  private static Situation waiting(String pod, Map<String, String> onClaim, int seconds) {
    Pod.ClaimRef ref = new Pod.ClaimRef("data", "data-" + pod, false);
    Claim claim =
        new Claim(
            id("data-" + pod),
            "Pending",
            Optional.empty(),
            Optional.empty(),
            onClaim,
            false,
            Set.of(),
            TEN.minusSeconds(seconds),
            false,
            Optional.empty(),
            1,
            Set.of(),
            "Filesystem");
    return new Situation(
        TEN,
        new Pod(
            id(pod),
            Map.of(),
            "Pending",
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            TEN,
            Optional.empty(),
            List.of(ref),
            Optional.empty(),
            Placement.ANYWHERE),
        Optional.empty(),
        Map.of(),
        false,
        List.of(new PodStorage.Unbound(ref, claim, Optional.empty())),
        List.of(),
        SpareVolumes.NONE,
        new Cluster(List.of(), Set.of(), Set.of()),
        Sightings.NONE,
        Traffic.NONE,
        new Policy(
            Arrays.stream(LostState.values())
                .collect(Collectors.toMap(Function.identity(), _ -> Duration.ZERO)),
            Duration.ZERO,
            new Percentage(100),
            1,
            new LocalStorage(Set.of(), Set.of())));
  }

  private static ObjectId id(String name) {
    return new ObjectId("shop", name, "uid-" + name, "1");
  }
}
