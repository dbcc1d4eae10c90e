package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.NOW;
import static dev.refloat.certs.Fixtures.authority;
import static dev.refloat.certs.Fixtures.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CertificateLoopTest {

  /** Short, so that passes follow each other quickly. */
  private static final Duration LIFE = Duration.ofSeconds(1);

  private final SynchronousQueue<Certificates> passes = new SynchronousQueue<>();
  private final AtomicReference<java.time.Instant> now = new AtomicReference<>(NOW);
  private final CertificateLoop loop =
      new CertificateLoop(() -> take().pass(), LIFE, () -> now.get());

  @Test
  void says_what_is_missing_until_a_pass_was_good() throws Exception {
    Credential leaf = leaf(authority());
    try (loop) {
      loop.start();
      assertThat(loop.missing()).containsExactly("there is no certificate yet");

      passes.put(
          () -> {
            throw new ClusterFailedException("cannot reach it", new IllegalStateException());
          });
      passes.put(
          () -> {
            assertThat(loop.missing())
                .containsExactly("there is no certificate yet: cannot reach it");
            return new Standing.Good(leaf);
          });
      passes.put(
          () -> {
            assertThat(loop.missing()).isEmpty();
            return new Standing.Wanting(List.of("something"));
          });
      passes.put(
          () -> {
            assertThat(loop.missing()).containsExactly("something");
            return new Standing.Good(leaf);
          });
    }
  }

  @Test
  void an_api_server_that_is_away_does_not_make_a_good_certificate_a_bad_one() throws Exception {
    Credential leaf = leaf(authority());
    try (loop) {
      loop.start();
      passes.put(() -> new Standing.Good(leaf));
      passes.put(
          () -> {
            throw new ClusterFailedException("cannot reach it", new IllegalStateException());
          });
      passes.put(
          () -> {
            throw new IllegalStateException("a mistake of ours");
          });
      AtomicReference<List<String>> seen = new AtomicReference<>(List.of("nothing seen"));
      passes.put(
          () -> {
            seen.set(loop.missing());
            return new Standing.Good(leaf);
          });
      passes.put(() -> new Standing.Good(leaf));
      assertThat(seen.get()).isEmpty();

      now.set(leaf.notAfter());
      assertThat(loop.missing()).containsExactly("the certificate has ended at " + leaf.notAfter());
    }
  }

  @Test
  void a_certificate_that_is_of_no_use_does_not_make_the_last_one_a_bad_one() throws Exception {
    Credential leaf = leaf(authority());
    try (loop) {
      loop.start();
      passes.put(() -> new Standing.Kept(leaf, List.of("the next one is garbage")));
      AtomicReference<List<String>> seen = new AtomicReference<>(List.of("nothing seen"));
      passes.put(
          () -> {
            seen.set(loop.missing());
            return new Standing.Kept(leaf, List.of("the next one is garbage"));
          });
      passes.put(() -> new Standing.Kept(leaf, List.of("the next one is garbage")));
      assertThat(seen.get()).isEmpty();

      now.set(leaf.notAfter());
      assertThat(loop.missing())
          .containsExactly(
              "the certificate has ended at " + leaf.notAfter(), "the next one is garbage");
    }
  }

  @Test
  void can_be_closed_without_ever_having_been_started() {
    loop.close();
  }

  @Test
  void looks_every_5_seconds_and_more_often_where_lives_are_short() {
    assertThat(CertificateLoop.pause(Duration.ofDays(90))).isEqualTo(Duration.ofSeconds(5));
    assertThat(CertificateLoop.pause(Duration.ofSeconds(100))).isEqualTo(Duration.ofSeconds(2));
    assertThat(CertificateLoop.pause(Duration.ofMillis(10))).isEqualTo(Duration.ofMillis(200));
  }

  private Certificates take() {
    try {
      return passes.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return () -> new Standing.Wanting(List.of("the test is over"));
    }
  }
}
