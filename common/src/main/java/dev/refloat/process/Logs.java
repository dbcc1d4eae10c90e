package dev.refloat.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.refloat.settings.LogLevel;
import dev.refloat.settings.LogSettings;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Sets up logging to standard output, without a configuration file. */
public final class Logs {

  private static final String OURS = "dev.refloat";

  /**
   * What these have to say we say ourselves, in one line instead of a stack trace at every attempt:
   * the watch's exception handler and the Lease's lock are ours.
   */
  private static final List<String> TOLD_BY_US =
      List.of(
          "io.fabric8.kubernetes.client.informers.impl.cache.Reflector",
          "io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector");

  private Logs() {}

  /**
   * Makes all loggers log as {@code settings} say; until then logback shows everything in a format
   * of its own, so this comes first in a process.
   *
   * <p>Libraries speak up from {@code warn} on, and from {@code info} on where we log {@code
   * debug}: at {@code debug} their output would bury ours and could hold whole objects.
   */
  public static void configure(LogSettings settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();

    Encoder<ILoggingEvent> encoder =
        switch (settings.format()) {
          case JSON -> new InOneThread(JsonLines.encoder());
          case TEXT -> new TextLines();
        };
    encoder.setContext(context);
    encoder.start();

    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder);
    console.start();

    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(ofLibraries(settings.level()));
    root.addAppender(console);
    context.getLogger(OURS).setLevel(ofOurs(settings.level()));
    if (settings.level() != LogLevel.DEBUG) {
      TOLD_BY_US.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
    }
  }

  private static Level ofOurs(LogLevel level) {
    return switch (level) {
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  private static Level ofLibraries(LogLevel level) {
    return switch (level) {
      case DEBUG -> Level.INFO;
      case INFO, WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }
}
