package dev.refloat.webhook.sweep;

import dev.refloat.process.Failures;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
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
  private final Thread thread = Thread.ofPlatform().daemon().name("sweep").unstarted(this::run);
  private final CountDownLatch closed = new CountDownLatch(1);

  // Used by the thread only.

  private boolean looking = false;
  private String trouble = "";

  public SweepLoop(Turn turn, LabelSweep sweep) {
    this.turn = turn;
    this.sweep = sweep;
  }

  public void start() {
    thread.start();
  }

  /** Ends the thread, and gives the turn back. A look under way has a second to finish. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(LAST_LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    turn.close();
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
    try {
      switch (turn.take()) {
        case Turn.Answer.Ours() -> {
          if (!looking) {
            log.atInfo().log("Looking for pods that were made while nobody was asked");
          }
          looking = true;
          sweep.look();
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
      if (!trouble.isEmpty()) {
        log.atInfo().log("Can look for pods again that were made while nobody was asked");
        trouble = "";
      }
    } catch (KubernetesClientException e) {
      tell(Failures.words(e), log.atWarn());
    } catch (RuntimeException e) {
      tell(e.toString(), log.atError().setCause(e));
    }
  }

  /** Says each trouble once, not with every look. */
  private void tell(String words, LoggingEventBuilder line) {
    if (words.equals(trouble)) {
      return;
    }
    trouble = words;
    line.addKeyValue("why", words)
        .log("Failed to look for pods that were made while nobody was asked; trying again");
  }
}
