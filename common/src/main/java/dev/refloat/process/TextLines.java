package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.refloat.settings.Durations;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes lines for people: {@code 12:00:01.123 INFO message namespace=shop pod=db-1}, in local
 * time, followed by the stack trace if there is an exception.
 *
 * <p>Whatever a value holds, it stays on the line of its event: nobody can forge a line by naming
 * an object after one.
 */
final class TextLines extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};

  /** What needs no quotes to be told apart from its neighbours. */
  private static final Pattern PLAIN = Pattern.compile("[^\\s\"=\\p{Cntrl}]+");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final DateTimeFormatter time =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(200);
    line.append(time.format(event.getInstant()))
        .append(' ')
        .append("%-5s".formatted(event.getLevel()))
        .append(' ')
        .append(escaped(String.valueOf(event.getFormattedMessage())));
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair fact : event.getKeyValuePairs()) {
        line.append(' ').append(fact.key).append('=').append(quoted(text(fact.value)));
      }
    }
    if (!event.getLoggerName().startsWith("dev.refloat.")) {
      line.append(" logger=").append(event.getLoggerName());
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString().getBytes(UTF_8);
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Duration duration when !duration.isNegative() -> Durations.print(duration);
      case Collection<?> many ->
          many.stream().map(String::valueOf).collect(Collectors.joining(","));
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : '"' + escaped(text).replace("\"", "\\\"") + '"';
  }

  private static String escaped(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(
            control ->
                switch (control.group().charAt(0)) {
                  case '\n' -> "\\\\n";
                  case '\t' -> "\\\\t";
                  default -> "\\\\u%04x".formatted((int) control.group().charAt(0));
                });
  }
}
