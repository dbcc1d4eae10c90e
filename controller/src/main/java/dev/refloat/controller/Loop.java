package dev.refloat.controller;

import dev.refloat.controller.act.Aftermath;
import dev.refloat.controller.act.Recovered;
import dev.refloat.controller.survey.Survey;
import dev.refloat.process.Failures;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every set that becomes due to a worker, and notices when nobody was looking.
 *
 * <p>Each set has one worker at a time, which stays with a recovery until its pod is bound: so
 * there is one recovery per set. Timers drive what events do not, because an unchanged scheduler
 * message does not update the pod.
 */
final class Loop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  /** How long nobody looks at the clock while all looks are busy. */
  private static final Duration TICK = Duration.ofMillis(250);

  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(15);

  private static final Duration BETWEEN_LOOKS_AROUND = Duration.ofSeconds(30);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(8);

  private final InstantSource time;
  private final Queue queue;
  private final Looks looks;
  private final Recoveries recoveries;
  private final Survey survey;
  private final Ending ending;
  private final Aftermath aftermath;
  private final Memory memory;
  private final Budget budget;

  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread dispatcher;

  /** In ticks of {@link System#nanoTime}; read and written by the dispatcher only. */
  private long lookedAroundAt = System.nanoTime() - BETWEEN_LOOKS_AROUND.toNanos();

  Loop(
      InstantSource time,
      Queue queue,
      Looks looks,
      Recoveries recoveries,
      Survey survey,
      Ending ending,
      Aftermath aftermath,
      Memory memory,
      Budget budget) {
    this.time = time;
    this.queue = queue;
    this.looks = looks;
    this.recoveries = recoveries;
    this.survey = survey;
    this.ending = ending;
    this.aftermath = aftermath;
    this.memory = memory;
    this.budget = budget;
    this.dispatcher = Thread.ofPlatform().name("dispatcher").unstarted(this::dispatch);
  }

  void start() {
    dispatcher.start();
  }

  /**
   * Lets nothing new begin, and ends what is under way between two writes: no request is cut off,
   * so that what came of it is known.
   */
  @Override
  public void close() {
    dispatcher.interrupt();
    ending.begin();
    log.info("Nothing new begins, what is under way is finished");
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        log.warn(
            "Failed to end all work in time, the next start goes on from what the cluster shows");
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch() {
    try {
      Attention attention = new Attention(time, System::nanoTime);
      while (!ending.hasBegun()) {
        lookAroundIfDue();
        recoveries.giveBackLatePlaces();
        Optional<Queue.Turn> next = looks.awaitRoom(TICK) ? next() : Optional.empty();
        attention.lapse().ifPresent(this::interrupted);
        next.ifPresent(turn -> workers.execute(() -> work(turn)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      log.debug("Nothing new begins, the process ends");
    }
  }

  private Optional<Queue.Turn> next() throws InterruptedException {
    Optional<Queue.Turn> next = queue.take();
    if (next.isEmpty()) {
      looks.giveRoomBack();
    }
    return next;
  }

  /** In a thread of its own: a slow answer must not hold the queue up. */
  private void lookAroundIfDue() {
    if (Duration.ofNanos(System.nanoTime() - lookedAroundAt).compareTo(BETWEEN_LOOKS_AROUND) < 0) {
      return;
    }
    lookedAroundAt = System.nanoTime();
    workers.execute(
        () -> {
          try {
            survey.lookAround();
          } catch (KubernetesClientException e) {
            log.atWarn()
                .addKeyValue("why", Failures.words(e))
                .log("Failed to look which nodes are alive, looking again");
          }
          aftermath.look(time.instant());
        });
  }

  /** No decision on what was seen before (S51). */
  private void interrupted(Duration lapse) {
    log.atWarn()
        .addKeyValue("seconds", lapse.toMillis() / 1000.0)
        .log("The process was paused or the clock was set, all grace periods start anew");
    survey.looksInterrupted();
    memory.interrupted().forEach(queue::wake);
    queue.wakeAll();
  }

  private void work(Queue.Turn turn) {
    SetKey key = turn.key();
    boolean ended = false;
    try {
      Optional<Recovered> recovered = looks.of(turn);
      if (recovered.isPresent()) {
        recoveries.seeThrough(recovered.get());
      }
      ended = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("namespace", key.namespace())
          .addKeyValue("statefulset", key.name())
          .setCause(e)
          .log("Failed to work on a StatefulSet, looking again");
    } finally {
      if (!ended) {
        // Whatever it was, an Error included: no set is forgotten.
        budget.leave(key);
        queue.at(key, time.instant().plus(AFTER_A_FAILURE));
      }
      budget.ended(key, time.instant());
      queue.done(key);
      recoveries.callNext();
    }
  }
}
