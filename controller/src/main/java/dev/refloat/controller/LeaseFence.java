package dev.refloat.controller;

import dev.refloat.controller.act.Fence;
import dev.refloat.process.Failures;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets writes pass only while the Lease is ours: by the age of the last renewal, and where that is
 * more than a few seconds, by a live read of the Lease as well.
 *
 * <p>A process that was stopped and goes on where it was does not know that it was away. Between
 * this question and the write it may be stopped once more; from then on preconditions alone help.
 */
final class LeaseFence implements Fence {

  /** A renewal every two seconds makes a live read an exception. */
  static final Duration TRUSTED_FOR = Duration.ofSeconds(4);

  private final InstantSource wall;
  private final LongSupplier ticks;
  private final String identity;
  private final Supplier<Optional<String>> holder;

  /** Written by the elector's thread, which holds its lock. */
  private volatile Tenure tenure;

  /**
   * @param holder reads live who holds the Lease; empty if nobody does
   */
  LeaseFence(
      InstantSource wall,
      LongSupplier ticks,
      String identity,
      Duration renewDeadline,
      Supplier<Optional<String>> holder) {
    this.wall = wall;
    this.ticks = ticks;
    this.identity = identity;
    this.holder = holder;
    this.tenure = Tenure.none(renewDeadline, TRUSTED_FOR);
  }

  Tenure.Moment now() {
    return new Tenure.Moment(wall.instant(), ticks.getAsLong());
  }

  /** The Lease was renewed by a request that was sent then. */
  void renewed(Tenure.Moment asked) {
    tenure = tenure.renewed(asked);
  }

  @Override
  public Optional<String> objection() {
    return switch (tenure.at(now())) {
      case Tenure.Standing.Leads() -> Optional.empty();
      case Tenure.Standing.Lost(String why) -> Optional.of(why);
      case Tenure.Standing.Doubtful() -> afterALook();
    };
  }

  private Optional<String> afterALook() {
    try {
      Optional<String> holds = holder.get();
      if (!holds.equals(Optional.of(identity))) {
        return Optional.of("the Lease is held by " + holds.orElse("nobody"));
      }
    } catch (KubernetesClientException e) {
      return Optional.of("the Lease cannot be read: " + Failures.words(e));
    }
    // The look took its time.
    return tenure.at(now()) instanceof Tenure.Standing.Lost(String why)
        ? Optional.of(why)
        : Optional.empty();
  }
}
