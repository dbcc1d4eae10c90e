package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Version;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Setting a volume back to its old policy, where somebody else may still delete its claim. */
@ExtendWith(Lab.Shared.class)
class SetBackIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void S40_S44_S58_no_claim_goes_whose_volume_was_set_back_while_its_delete_was_on_its_way(
      Lab lab) {
    try (Scene scene = Scene.in(lab, "set-back")) {
      // GIVEN a first controller that has set the volume to Retain, and whose delete is on its way
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      FaultProxy slow = scene.proxy();
      CountDownLatch sent = new CountDownLatch(1);
      CountDownLatch arrives = new CountDownLatch(1);
      var _ =
          slow.once(
              Requests.delete("persistentvolumeclaims"),
              new Fault.LateRequest(
                  () -> {
                    sent.countDown();
                    Latches.await(arrives);
                  }));
      scene.controllerBehind(slow);

      // WHEN a second one begins then, finds its facts too old, and stops
      FaultProxy stale = scene.proxy();
      var _ =
          stale.once(
              Requests.get("statefulsets"), new Fault.LateRequest(() -> Latches.await(sent)));
      // Its last look comes after it has kept the volume; a survey may read the pod as well.
      var _ =
          stale.once(
              Requests.patch("persistentvolumes"),
              new Fault.LateRequest(
                  () -> {
                    var _ =
                        stale.once(
                            Requests.get("pods"), new Fault.LateAnswer(Duration.ofSeconds(6)));
                  }));
      RefloatProcess second = scene.controllerBehind(stale);
      String lost = scene.loseNodeOf("db-0");
      second.awaitLine("stops", SetBackIT::stops, PATIENCE);
      arrives.countDown();

      // THEN the claim, whoever deleted it, went when its volume was Retain
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      Version<PersistentVolumeClaim> goes =
          scene.recorder().claims().firstDeleting("data-db-0").orElseThrow();
      Version<PersistentVolume> then =
          scene.recorder().volumes().lastBefore(volume, goes).orElseThrow();
      assertThat(then.object().getSpec().getPersistentVolumeReclaimPolicy())
          .as("reclaim policy when the claim went")
          .isEqualTo("Retain");
    }
  }

  private static boolean stops(LogLine line) {
    return line.message().equals("Volume is set back, its claim stays")
        || line.message()
            .equals("Failed to set the volume back, it stays Retain until a later look");
  }
}
