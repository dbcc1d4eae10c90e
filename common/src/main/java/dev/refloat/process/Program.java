package dev.refloat.process;

import dev.refloat.settings.Parsed;
import dev.refloat.settings.Problem;
import dev.refloat.settings.ProcessSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The life of a process: settings, log, start, work until SIGTERM, stop, exit status.
 *
 * <p>A Main needs no more than {@code System.exit(Program.run(Main.class, "refloat-controller",
 * Settings.controller(System.getenv()), Main::start))}.
 *
 * <p>A JVM that SIGTERM ends exits with 143, however cleanly its shutdown hooks ran, and {@code
 * sun.misc.Signal} is no API (its mere use is a warning that cannot be suppressed). So the one
 * shutdown hook stops the work and then halts the JVM with the status that this class has decided
 * on. Halting skips nothing that we have: there are no other hooks, and logs are not buffered.
 */
public final class Program {

  /** Ended as it was asked to. */
  public static final int CLEAN = 0;

  /** Could not start, or could not go on. */
  public static final int BROKEN = 1;

  /** The settings, or the command line, cannot be understood. */
  public static final int MISUSED = 2;

  private static final Logger log = LoggerFactory.getLogger(Program.class);

  /** Longer than any start whose API server answers, shorter than a kubelet's patience. */
  private static final long SECONDS_TO_FINISH_STARTING = 3;

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger status = new AtomicInteger(CLEAN);
  private final AtomicReference<@Nullable AutoCloseable> work = new AtomicReference<>();

  private Program() {}

  /** Starts the work of a process. */
  @FunctionalInterface
  public interface Start<S> {

    /**
     * Returns what is to be closed when the process stops. If it returns, the work goes on in other
     * threads.
     *
     * <p>It closes what it has opened if it throws. Closing may take its time, the webhook's drain
     * delay for instance; the kubelet's SIGKILL is what bounds it.
     *
     * @param instance what this run is called, unlike all others; its log begins with it
     */
    AutoCloseable with(S settings, String instance, Emergency emergency)
        throws StartFailedException;
  }

  /** Ends the process when it cannot go on, a lost Lease for instance. */
  @FunctionalInterface
  public interface Emergency {

    /** Stops the work and ends the process as broken. Returns at once. */
    void stop(String why);
  }

  /**
   * Runs until the process is told to stop; returns the exit status for {@code System.exit}.
   *
   * @param main the class whose jar tells the version
   */
  public static <S extends ProcessSettings> int run(
      Class<?> main, String name, Parsed<S> parsed, Start<S> start) {
    return switch (parsed) {
      case Parsed.Good<S>(S settings) -> new Program().run(main, name, settings, start);
      case Parsed.Bad<S>(List<Problem> problems) -> {
        System.err.println(
            name
                + " cannot start: "
                + (problems.size() == 1
                    ? "a setting is wrong"
                    : problems.size() + " settings are wrong")
                + " (docs/settings.md lists all of them).");
        problems.forEach(System.err::println);
        yield MISUSED;
      }
    };
  }

  private <S extends ProcessSettings> int run(
      Class<?> main, String name, S settings, Start<S> start) {
    Logs.configure(settings.shared().log());
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) ->
            // Said, and no more: whether the process can go on is known to the probes.
            log.atError()
                .addKeyValue("thread", thread.getName())
                .setCause(e)
                .log("Failed in a way that nobody expected"));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop();
                  Runtime.getRuntime().halt(status.get());
                },
                "stop"));
    String instance = Instance.newName();
    log.atInfo()
        .addKeyValue("process", name)
        .addKeyValue("instance", instance)
        .addKeyValue("version", Version.of(main))
        .addKeyValue("java", Runtime.version().toString())
        .log("Starting");
    tell(settings);
    try {
      begin(start, settings, instance);
      over.await();
    } catch (StartFailedException e) {
      status.set(BROKEN);
      log.atError().addKeyValue("why", e.getMessage()).log("Failed to start");
    } catch (RuntimeException e) {
      status.set(BROKEN);
      log.atError().setCause(e).log("Failed to start");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      status.set(BROKEN);
    }
    return status.get();
  }

  private <S> void begin(Start<S> start, S settings, String instance) throws StartFailedException {
    try {
      work.set(start.with(settings, instance, this::stop));
    } finally {
      started.countDown();
    }
  }

  /** What operators look for first goes first; the rest is as it stands in a ConfigMap. */
  private static void tell(ProcessSettings settings) {
    LoggingEventBuilder line =
        log.atInfo()
            .addKeyValue("dryRun", settings.shared().dryRun())
            .addKeyValue("watchedNamespaces", settings.shared().watchedNamespaces());
    for (Map.Entry<String, String> setting : settings.describe().entrySet()) {
      line = line.addKeyValue(setting.getKey(), setting.getValue());
    }
    line.log("Configuration");
  }

  private void stop(String why) {
    status.set(BROKEN);
    log.atError().addKeyValue("why", why).log("Cannot go on");
    over.countDown();
  }

  private void stop() {
    log.atInfo().log("Stopping");
    try {
      // SIGTERM may come in the middle of the start, when nobody knows yet what is to be closed.
      boolean closable = started.await(SECONDS_TO_FINISH_STARTING, TimeUnit.SECONDS);
      AutoCloseable running = work.getAndSet(null);
      if (closable && running != null) {
        running.close();
      }
    } catch (Exception e) {
      status.set(BROKEN);
      log.atError().setCause(e).log("Failed to stop cleanly");
    }
    log.atInfo().addKeyValue("status", status.get()).log("Stopped");
  }
}
