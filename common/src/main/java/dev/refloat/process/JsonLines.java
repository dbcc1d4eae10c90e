package dev.refloat.process;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.refloat.settings.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import net.logstash.logback.composite.AbstractJsonProvider;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashCommonFieldNames;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import net.logstash.logback.stacktrace.ShortenedThrowableConverter;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes one JSON object a line: {@code time}, {@code message}, {@code logger}, {@code level}, an
 * {@code exception} as one string, and each key of the event as a field beside them.
 */
final class JsonLines {

  /** Container runtimes cut lines at 16 KB, and half a JSON object is none. */
  private static final int LONGEST_STACK_TRACE = 8_000;

  private JsonLines() {}

  static Encoder<ILoggingEvent> encoder() {
    LogstashFieldNames names = new LogstashFieldNames();
    names.setTimestamp("time");
    names.setLogger("logger");
    names.setStackTrace("exception");
    names.setLevelValue(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
    names.setVersion(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
    names.setThread(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);

    ShortenedThrowableConverter stackTraces = new ShortenedThrowableConverter();
    stackTraces.setMaxLength(LONGEST_STACK_TRACE);

    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setFieldNames(names);
    encoder.setTimeZone("UTC");
    encoder.setThrowableConverter(stackTraces);
    encoder.setFindAndRegisterJacksonModules(false);
    encoder.setIncludeMdc(false);
    encoder.setIncludeContext(false);
    encoder.setIncludeKeyValuePairs(false);
    encoder.addProvider(new Facts());
    return encoder;
  }

  /**
   * Writes the keys of an event. Numbers, booleans and lists keep their type; anything else becomes
   * its text, so that no value can be an object that Jackson would walk through.
   */
  private static final class Facts extends AbstractJsonProvider<ILoggingEvent> {

    @Override
    public void writeTo(JsonGenerator json, ILoggingEvent event) throws IOException {
      List<KeyValuePair> facts = event.getKeyValuePairs();
      if (facts == null) {
        return;
      }
      for (KeyValuePair fact : facts) {
        json.writeFieldName(fact.key);
        write(json, fact.value);
      }
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
      switch (value) {
        case null -> json.writeNull();
        case Boolean truth -> json.writeBoolean(truth);
        case Integer number -> json.writeNumber(number);
        case Long number -> json.writeNumber(number);
        case Double number -> json.writeNumber(number);
        case Duration duration when !duration.isNegative() ->
            json.writeString(Durations.print(duration));
        case Collection<?> many -> {
          json.writeStartArray();
          for (Object one : many) {
            write(json, one);
          }
          json.writeEndArray();
        }
        default -> json.writeString(value.toString());
      }
    }
  }
}
