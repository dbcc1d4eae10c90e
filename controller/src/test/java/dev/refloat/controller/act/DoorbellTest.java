package dev.refloat.controller.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.SetKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DoorbellTest {

  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Doorbell doorbell = new Doorbell();

  @Test
  void what_rang_since_somebody_listens_is_heard_once_and_by_nobody_else()
      throws InterruptedException {
    try (Doorbell.Listener db = doorbell.listen(DB);
        Doorbell.Listener log = doorbell.listen(LOG)) {
      doorbell.ring(DB);
      doorbell.ring(DB);

      assertThat(db.rings(AT_ONCE)).isTrue();
      assertThat(db.rings(AT_ONCE)).isFalse();
      assertThat(log.rings(AT_ONCE)).isFalse();
    }
  }

  @Test
  void the_end_of_the_process_is_heard_by_all() throws InterruptedException {
    try (Doorbell.Listener db = doorbell.listen(DB);
        Doorbell.Listener log = doorbell.listen(LOG)) {
      doorbell.ringAll();

      assertThat(db.rings(AT_ONCE)).isTrue();
      assertThat(log.rings(AT_ONCE)).isTrue();
    }
  }

  @Test
  void who_has_gone_is_not_rung_for() {
    doorbell.listen(DB).close();

    doorbell.ring(DB);
    doorbell.ringAll();
  }
}
