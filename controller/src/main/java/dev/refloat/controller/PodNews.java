package dev.refloat.controller;

import dev.refloat.controller.act.Doorbell;
import dev.refloat.controller.watch.StrandedPods;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What the watch of pods sets in motion: the set's next look, and those who wait for its pods.
 *
 * <p>Every labelled pod is Pending without a node for a moment, however healthy the cluster is. It
 * is looked at when the scheduler has refused it, or when the scheduler has not come to it for so
 * long that something is wrong; so that a roll-out costs no look.
 */
record PodNews(InstantSource time, Queue queue, Doorbell doorbell)
    implements StrandedPods.Listener {

  private static final Duration A_MOMENT = Duration.ofSeconds(5);

  @Override
  public void changed(SetKey key) {
    queue.wake(key);
    doorbell.ring(key);
  }

  @Override
  public void untried(SetKey key) {
    // Any look at the set sees this pod, too.
    queue.atUnlessTaken(key, time.instant().plus(A_MOMENT));
    doorbell.ring(key);
  }
}
