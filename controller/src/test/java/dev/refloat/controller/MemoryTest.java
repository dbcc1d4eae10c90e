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
import dev.refloat.recovery.Verdict;
import dev.refloat.recovery.Volume;
import dev.refloat.settings.Percentage;
import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** S10, S51: since when a cause has been seen, and what makes that start anew. */
class MemoryTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
  private static final SetKey DB = new SetKey("shop", "db");

  private final Memory memory = new Memory();
  private final Situation stranded = strandedOnGone("n1");

  @Test
  void what_is_seen_again_keeps_its_time() {
    memory.seen(DB, stranded, TEN);

    assertThat(since(memory.seen(DB, stranded, TEN.plusSeconds(9)))).isEqualTo(TEN);
  }

  @Test
  void S10_a_change_of_the_pinned_node_starts_it_anew_and_names_the_sets_concerned() {
    memory.seen(DB, stranded, TEN);

    assertThat(memory.nodeChanged("n1")).containsExactly(DB);
    assertThat(memory.nodeChanged("n2")).isEmpty();
    assertThat(since(memory.seen(DB, stranded, TEN.plusSeconds(9)))).isEqualTo(TEN.plusSeconds(9));
  }

  @Test
  void S51_an_interruption_starts_everything_anew() {
    memory.seen(DB, stranded, TEN);

    assertThat(memory.interrupted()).containsExactly(DB);
    assertThat(since(memory.seen(DB, stranded, TEN.plusSeconds(9)))).isEqualTo(TEN.plusSeconds(9));
  }

  @Test
  void
      the_pinned_node_is_watched_for_as_long_as_something_holds_the_pod_not_only_during_the_grace() {
    memory.seen(DB, stranded, TEN);
    memory.decided(DB, stranded, new Verdict.Hold.AnotherRecoveryInFlight("db-0"));
    assertThat(memory.nodesToWatch()).isEqualTo(Map.of("n1", Optional.empty()));

    memory.decided(DB, stranded, new Verdict.Leave.NotOptedIn());
    assertThat(memory.nodesToWatch()).isEmpty();
  }

  @Test
  void a_pod_that_is_gone_is_forgotten() {
    memory.seen(DB, stranded, TEN);
    assertThat(memory.goneNodes()).containsExactly("n1");

    memory.retain(DB, Set.of());

    assertThat(memory.goneNodes()).isEmpty();
  }

  @Test
  void S10_every_name_that_the_node_may_come_back_under_is_watched_and_the_brake_counts_one() {
    memory.seen(DB, strandedOnGone("n1", "disk-7"), TEN);
    memory.decided(
        DB, strandedOnGone("n1", "disk-7"), new Verdict.Hold.AnotherRecoveryInFlight("x"));

    assertThat(memory.nodesToWatch()).containsOnlyKeys("n1", "disk-7");
    assertThat(memory.goneNodes()).hasSize(1);
    assertThat(memory.nodeChanged("disk-7")).containsExactly(DB);
  }

  @Test
  void S21_a_node_is_lost_and_watched_for_as_long_as_any_pod_is_pinned_to_it() {
    SetKey log = new SetKey("shop", "log");
    memory.seen(DB, stranded, TEN);
    memory.decided(DB, stranded, new Verdict.Hold.AnotherRecoveryInFlight("x"));
    memory.seen(log, stranded, TEN);
    memory.decided(log, stranded, new Verdict.Hold.AnotherRecoveryInFlight("x"));
    memory.seen(log, stranded, TEN.plusSeconds(9));

    memory.retain(DB, Set.of());
    assertThat(memory.goneNodes()).containsExactly("n1");
    assertThat(memory.nodesToWatch()).containsOnlyKeys("n1");

    memory.retain(log, Set.of());
    assertThat(memory.goneNodes()).isEmpty();
    assertThat(memory.nodesToWatch()).isEmpty();
  }

  private static Instant since(Sightings sightings) {
    return sightings.since().values().iterator().next();
  }

  private static Situation strandedOnGone(String node) {
    return strandedOn(List.of(label("kubernetes.io/hostname", node)));
  }

  private static Situation strandedOnGone(String node, String disk) {
    return strandedOn(
        List.of(label("kubernetes.io/hostname", node), label("topology.topolvm.io/node", disk)));
  }

  private static NodeSelector.Requirement label(String key, String value) {
    return new NodeSelector.Requirement(key, NodeSelector.Operator.IN, List.of(value));
  }

  private static Situation strandedOn(List<NodeSelector.Requirement> labels) {
    NodeSelector affinity = new NodeSelector(List.of(new NodeSelector.Term(labels, List.of())));
    Pod.ClaimRef ref = new Pod.ClaimRef("data", "data-db-0", false);
    Claim claim =
        new Claim(
            id("data-db-0"),
            "Bound",
            Optional.of("pv"),
            Optional.empty(),
            Map.of(),
            false,
            Set.of(),
            TEN,
            false,
            Optional.empty(),
            1,
            Set.of(),
            "Filesystem");
    Volume volume =
        new Volume(
            id("pv"),
            Instant.EPOCH,
            new VolumeSource.Local(),
            Optional.of(affinity),
            Optional.empty(),
            "Bound",
            "Delete",
            "",
            1,
            Set.of(),
            "Filesystem",
            false,
            Optional.empty());
    Pod pod =
        new Pod(
            id("db-0"),
            Map.of(Names.RECOVER, "true"),
            "Pending",
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            TEN,
            Optional.empty(),
            List.of(ref),
            Optional.empty(),
            Placement.ANYWHERE);
    return new Situation(
        TEN,
        pod,
        Optional.empty(),
        Map.of(),
        false,
        List.of(new PodStorage.Present(ref, claim, volume, Optional.empty())),
        List.of(),
        SpareVolumes.NONE,
        new Cluster(List.of(), Set.of(), Set.of()),
        Sightings.NONE,
        Traffic.NONE,
        new Policy(
            Map.of(
                LostState.GONE,
                Duration.ZERO,
                LostState.NOT_READY,
                Duration.ZERO,
                LostState.CORDONED,
                Duration.ZERO,
                LostState.TAINTED,
                Duration.ZERO),
            Duration.ZERO,
            new Percentage(100),
            1,
            new LocalStorage(Set.of(), Set.of())));
  }

  private static ObjectId id(String name) {
    return new ObjectId("shop", name, "uid-" + name, "1");
  }

  @Test
  void S15_what_was_left_alone_for_a_while_was_not_watched_and_starts_anew() {
    memory.seen(DB, stranded, TEN);
    memory.decided(DB, stranded, new Verdict.Leave.Paused("Namespace shop"));

    assertThat(since(memory.seen(DB, stranded, TEN.plusSeconds(9)))).isEqualTo(TEN.plusSeconds(9));
  }
}
