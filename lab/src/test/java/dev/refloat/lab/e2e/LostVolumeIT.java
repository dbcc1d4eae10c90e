package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A claim whose volume object was deleted and stays so (S39). That its return restarts the time is
 * in {@link WrongObjectIT}.
 */
@InTheBackground
@ExtendWith(Lab.Shared.class)
class LostVolumeIT {

  /** Of which ten minutes are the least that such a claim is held for. */
  private static final Duration PATIENCE = Duration.ofMinutes(25);

  @Test
  void S39_a_claim_whose_volume_stays_deleted_is_given_up_after_ten_minutes(Lab lab) {
    try (Harbour harbour = Harbour.open(lab, "ten-minutes")) {
      Berth berth = harbour.berth("s39late");
      berth.running(berth.set());
      String volume = berth.world().volumeOf(berth.claim()).orElseThrow().getMetadata().getName();

      berth.world().volumeObjectLost(volume);
      berth.world().deletePod(berth.pod());

      berth.awaitReason("GracePeriod");
      harbour
          .controller()
          .awaitLine(
              "refloats the pod", line -> line.message().equals("Cleanup completed"), PATIENCE);
      var _ = berth.world().awaitReady(berth.pod());
      assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(2);
      assertThat(harbour.controller().metric("refloat_watch_confirmed_timestamp_seconds"))
          .as("confirmed since the process began ten minutes ago")
          .isGreaterThan((double) Instant.now().minus(Duration.ofMinutes(5)).getEpochSecond());
    }
  }
}
