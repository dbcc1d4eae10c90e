package dev.refloat.certs;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Looks after the certificates for as long as the process lives, in a thread of its own.
 *
 * <p>There is no timer for a certificate's end: a machine that was suspended would miss it. Each
 * pass compares with the wall clock. Passes are frequent because they also put back a CA bundle
 * that somebody overwrote, and cost four small reads.
 */
public final class CertificateLoop implements AutoCloseable {

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final long LAST_PASS_MILLIS = 1_000;

  /**
   * The shortest time that anything waits for is a twentieth of the life of an authority, which is
   * at least as long as that of any other certificate: two passes fall into it.
   */
  private static final int PASSES_PER_LIFE = 50;

  private static final Logger log = LoggerFactory.getLogger(CertificateLoop.class);

  private final Certificates certificates;
  private final InstantSource time;
  private final Duration pause;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile Standing standing = new Standing.Wanting(List.of("there is no certificate yet"));
  private volatile String trouble = "";

  /**
   * @param shortestLife how long the shortest-lived certificate is good for
   */
  public CertificateLoop(Certificates certificates, Duration shortestLife, InstantSource time) {
    this.certificates = certificates;
    this.time = time;
    this.pause = pause(shortestLife);
    this.thread = Thread.ofPlatform().daemon().name("certificates").unstarted(this::run);
  }

  /** Looks at once, and then again and again. */
  public void start() {
    thread.start();
  }

  /** Returns what keeps the API server from talking to us, one sentence each; empty if nothing. */
  public List<String> missing() {
    return switch (standing) {
      case Standing.Wanting(List<String> missing) ->
          trouble.isEmpty() ? missing : List.of(missing.getFirst() + ": " + trouble);
      case Standing.Good(Credential serving) -> ended(serving, List.of());
      case Standing.Kept(Credential serving, List<String> missing) -> ended(serving, missing);
    };
  }

  private List<String> ended(Credential serving, List<String> missing) {
    if (time.instant().isBefore(serving.notAfter())) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    all.add("the certificate has ended at " + serving.notAfter());
    all.addAll(missing);
    return all;
  }

  /** Ends the thread. A pass under way has a second to finish. */
  @Override
  public void close() {
    closed.countDown();
    try {
      // With millis, since with a Duration a thread that was never started is a mistake.
      thread.join(LAST_PASS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Duration pause(Duration shortestLife) {
    Duration wanted = shortestLife.dividedBy(PASSES_PER_LIFE);
    if (wanted.compareTo(SHORTEST_PAUSE) < 0) {
      return SHORTEST_PAUSE;
    }
    return wanted.compareTo(LONGEST_PAUSE) < 0 ? wanted : LONGEST_PAUSE;
  }

  private void run() {
    try {
      do {
        pass();
      } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass() {
    try {
      Standing now = certificates.pass();
      if (!now.equals(standing)) {
        tell(standing, now);
      }
      if (!trouble.isEmpty()) {
        log.atInfo().log("Certificates are looked after again");
        trouble = "";
      }
      standing = now;
    } catch (ClusterFailedException e) {
      // What is served stays served: an API server that is away says nothing about it.
      tell(String.valueOf(e.getMessage()), log.atWarn());
    } catch (RuntimeException e) {
      tell(e.toString(), log.atError().setCause(e));
    }
  }

  private static void tell(Standing before, Standing now) {
    switch (now) {
      case Standing.Good(Credential serving) -> {
        if (!(before instanceof Standing.Good)) {
          log.atInfo().addKeyValue("notAfter", serving.notAfter()).log("Certificates are ready");
        }
      }
      case Standing.Kept(Credential serving, List<String> missing) ->
          log.atWarn()
              .addKeyValue("missing", missing)
              .addKeyValue("notAfter", serving.notAfter())
              .log("Serving on with the last certificate, as there is no other");
      case Standing.Wanting(List<String> missing) ->
          log.atWarn().addKeyValue("missing", missing).log("Certificates are not ready");
    }
  }

  /** Says each trouble once, not with every pass. */
  private void tell(String words, LoggingEventBuilder line) {
    if (words.equals(trouble)) {
      return;
    }
    trouble = words;
    line.addKeyValue("why", words).log("Failed to look after the certificates; trying again");
  }
}
