package dev.refloat.webhook.sweep;

import dev.refloat.process.Failures;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Looks again and again, in a thread of its own, for as long as the process lives. A pod that was
 * missed is labelled within {@link #PAUSE} and the time that a look takes, and within a minute
 * where the process that looked has just died.
 */
public final class SweepLoop implements AutoCloseable {

  static final Duration PAUSE = Duration.ofSeconds(15);
  private static final long LAST_LOOK_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(SweepLoop.class);

  private final Turn turn;
  private final LabelSweep sweep;
  private final Runnable looks;
  private final Thread thread = Thread.ofPlatform().daemon().name("sweep").unstarted(this::run);
  private final CountDownLatch closed = new CountDownLatch(1);

  // Used by the thread only.

  private boolean looking = false;
  private Optional<String> told = Optional.empty();

  /**
   * @param looks run before each look
   */
  public SweepLoop(Turn turn, LabelSweep sweep, Runnable looks) {
    this.turn = turn;
    this.sweep = sweep;
    this.looks = looks;
  }

  public void start() {
    thread.start();
  }

  /**
   * Ends the thread, and gives the turn back. A look under way has a second to finish, and so has
   * the API server: who does not get the turn now waits until it ends.
   */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(LAST_LOOK_MILLIS);
      Thread.ofPlatform().daemon().name("sweep-ends").start(turn::close).join(LAST_LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      do {
        look();
      } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    Optional<String> trouble = Optional.empty();
    try {
      switch (turn.take()) {
        case Turn.Answer.Ours() -> {
          if (!looking) {
            log.atInfo().log("Looking for pods that were made while nobody was asked");
          }
          looking = true;
          looks.run();
          trouble = sweep.look();
        }
        case Turn.Answer.Theirs(String holder) -> {
          if (looking) {
            log.atInfo()
                .addKeyValue("holder", holder)
                .log("Somebody else looks for pods that were made while nobody was asked");
          }
          looking = false;
        }
      }
      tell(trouble, log.atWarn());
    } catch (KubernetesClientException e) {
      tell(Optional.of(Failures.words(e)), log.atWarn());
    } catch (RuntimeException e) {
      tell(Optional.of(e.toString()), log.atError().setCause(e));
    }
  }

  /** Says each trouble once, not with every look, and when it is over. */
  private void tell(Optional<String> trouble, LoggingEventBuilder line) {
    if (closed.getCount() == 0 || trouble.equals(told)) {
      return;
    }
    told = trouble;
    trouble.ifPresentOrElse(
        why ->
            line.addKeyValue("why", why)
                .log("Failed to look for pods that were made while nobody was asked; trying again"),
        () -> log.atInfo().log("Can look for pods again that were made while nobody was asked"));
  }
}
