package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseFenceTest {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private Instant wall = Instant.parse("2026-11-23T10:00:00Z");
  private long ticks = -5_000_000_000L;
  private Optional<String> holder = Optional.of("me");
  private Duration readTakes = Duration.ZERO;
  private final List<Instant> reads = new ArrayList<>();
  private final LeaseFence fence =
      new LeaseFence(() -> wall, () -> ticks, "me", DEADLINE, this::readHolder);

  @Test
  void who_never_had_the_Lease_writes_nothing() {
    assertThat(fence.objection()).contains("the Lease was never had");
  }

  @Test
  void a_young_renewal_lets_writes_pass_without_a_read() {
    fence.renewed(fence.now());
    pass(Duration.ofSeconds(4));

    assertThat(fence.objection()).isEmpty();
    assertThat(reads).isEmpty();
  }

  @Test
  void an_older_renewal_needs_a_live_read_of_the_Lease() {
    fence.renewed(fence.now());
    pass(Duration.ofMillis(4_001));

    assertThat(fence.objection()).isEmpty();
    assertThat(reads).hasSize(1);
  }

  @Test
  void S40_a_Lease_that_somebody_else_holds_lets_nothing_pass() {
    fence.renewed(fence.now());
    pass(Duration.ofSeconds(5));
    holder = Optional.of("another");

    assertThat(fence.objection()).contains("the Lease is held by another");
    holder = Optional.empty();
    assertThat(fence.objection()).contains("the Lease is held by nobody");
  }

  @Test
  void S47_a_Lease_that_cannot_be_read_lets_nothing_pass() {
    LeaseFence blind =
        new LeaseFence(
            () -> wall,
            () -> ticks,
            "me",
            DEADLINE,
            () -> {
              throw new KubernetesClientException("connection refused");
            });
    blind.renewed(blind.now());
    pass(Duration.ofSeconds(5));

    assertThat(blind.objection().orElseThrow()).startsWith("the Lease cannot be read");
  }

  @Test
  void S40_a_process_that_was_stopped_for_longer_than_the_deadline_lets_nothing_pass() {
    fence.renewed(fence.now());
    pass(DEADLINE);

    assertThat(fence.objection()).contains("the Lease was last renewed 10 s ago");
    assertThat(reads).isEmpty();
  }

  @Test
  void S51_a_machine_that_was_suspended_is_noticed_by_the_wall_clock_alone() {
    fence.renewed(fence.now());
    wall = wall.plus(DEADLINE);

    assertThat(fence.objection()).contains("the Lease was last renewed 10 s ago");
  }

  @Test
  void S51_a_wall_clock_that_is_set_back_does_not_make_a_renewal_young() {
    fence.renewed(fence.now());
    ticks += DEADLINE.toNanos();
    wall = wall.minusSeconds(3_600);

    assertThat(fence.objection()).contains("the Lease was last renewed 10 s ago");
  }

  @Test
  void S51_clocks_that_disagree_are_a_reason_to_look() {
    fence.renewed(fence.now());
    wall = wall.minusSeconds(2);

    assertThat(fence.objection()).isEmpty();
    assertThat(reads).hasSize(1);
  }

  @Test
  void a_look_that_takes_too_long_comes_too_late() {
    fence.renewed(fence.now());
    pass(Duration.ofSeconds(6));
    readTakes = Duration.ofSeconds(4);

    assertThat(fence.objection()).contains("the Lease was last renewed 10 s ago");
  }

  private Optional<String> readHolder() {
    reads.add(wall);
    pass(readTakes);
    return holder;
  }

  private void pass(Duration duration) {
    wall = wall.plus(duration);
    ticks += duration.toNanos();
  }
}
