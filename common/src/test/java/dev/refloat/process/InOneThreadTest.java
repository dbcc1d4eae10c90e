package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOneThreadTest {

  private final Lines lines = new Lines();
  private final InOneThread inOneThread = new InOneThread(lines);

  InOneThreadTest() {
    inOneThread.setContext(new LoggerContext());
    inOneThread.start();
  }

  /** Knows who made its lines. */
  private static final class Lines extends EncoderBase<ILoggingEvent> {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      threads.add(Thread.currentThread());
      return event.getMessage().getBytes(UTF_8);
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }

  @Test
  void whoever_logs_one_thread_makes_the_lines() throws InterruptedException {
    Set<String> made = ConcurrentHashMap.newKeySet();
    for (Thread thread :
        IntStream.range(0, 20)
            .mapToObj(i -> Thread.startVirtualThread(() -> made.add(encoded("line " + i))))
            .toList()) {
      thread.join();
    }

    assertThat(made).hasSize(20).contains("line 0", "line 19");
    assertThat(lines.threads).hasSize(1).doesNotContain(Thread.currentThread());
  }

  @Test
  void a_thread_that_is_being_ended_still_has_its_say() {
    Thread.currentThread().interrupt();

    assertThat(encoded("abandoned")).isEqualTo("abandoned");
    assertThat(Thread.interrupted()).as("is still to end").isTrue();
  }

  private String encoded(String message) {
    LoggingEvent event = new LoggingEvent();
    event.setMessage(message);
    return new String(inOneThread.encode(event), UTF_8);
  }
}
