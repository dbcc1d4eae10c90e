package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Version;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What may happen between two requests of one recovery. The proxy holds a request back until it has
 * happened, so that each window is as wide as its test needs it.
 */
@ExtendWith(Lab.Shared.class)
class WindowIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Test
  @SideBySide
  void S42_a_node_that_returns_while_the_delete_is_on_its_way_dooms_the_claim_and_it_is_told(
      Lab lab) throws InterruptedException {
    try (Scene scene = Scene.in(lab, "window-keep")) {
      scene.running(Scene.optedIn("db"));

      LogLine doomed = nodeReturnsWhileTheClaimsDeleteIsOnItsWay(scene);

      assertThat(doomed.get("why").orElseThrow())
          .contains("back the data up now", "the volume is set to Retain");
      // AND the pod runs on, on its old data
      assertThat(scene.world().awaitReady("db-0").getMetadata().getDeletionTimestamp()).isNull();
      assertThat(policyOf(scene, scene.volumeOf("data-db-0"))).isEqualTo("Retain");
      Await.within(PATIENCE).until("an Event tells it", () -> scene.isTold("ClaimDoomed"));
    }
  }

  @Test
  @SideBySide
  void S42_where_nothing_was_kept_the_command_that_keeps_the_data_is_told(Lab lab)
      throws InterruptedException {
    try (Scene scene = Scene.in(lab, "window-discard")) {
      scene.running(Scene.optedIn("db").annotation("refloat.dev/data", "discard"));
      String volume = scene.volumeOf("data-db-0");

      LogLine doomed = nodeReturnsWhileTheClaimsDeleteIsOnItsWay(scene);

      assertThat(doomed.get("why").orElseThrow())
          .contains("kubectl patch pv", "persistentVolumeReclaimPolicy");
      scene.assertNeverModified(volume);
    }
  }

  /** The next of some requests, which arrives when the test lets it go. */
  private record Held(CountDownLatch sent, CountDownLatch arrives) {

    static Held of(Requests requests, FaultProxy proxy) {
      Held held = new Held(new CountDownLatch(1), new CountDownLatch(1));
      var _ =
          proxy.once(
              requests,
              new Fault.LateRequest(
                  () -> {
                    held.sent.countDown();
                    Latches.await(held.arrives);
                  }));
      return held;
    }

    void awaitSent() throws InterruptedException {
      assertThat(Latches.opens(sent, PATIENCE)).as("it was sent in time").isTrue();
    }

    void letGo() {
      arrives.countDown();
    }
  }

  /** Returns the line that tells of it. */
  private static LogLine nodeReturnsWhileTheClaimsDeleteIsOnItsWay(Scene scene)
      throws InterruptedException {
    FaultProxy proxy = scene.proxy();
    Held delete = Held.of(Requests.delete("persistentvolumeclaims"), proxy);
    RefloatProcess controller = scene.controllerBehind(proxy);
    String home = scene.loseNodeOf("db-0");
    delete.awaitSent();
    scene.world().nodeReturns(home);
    scene.world().awaitScheduled("db-0");
    delete.letGo();
    return scene.awaitReason(controller, "db-0", "ClaimDoomed");
  }

  @Test
  @SideBySide
  void S42_S58_a_node_that_returns_before_the_last_look_keeps_its_claim_and_the_volume_is_set_back(
      Lab lab) throws InterruptedException {
    try (Scene scene = Scene.in(lab, "window-back")) {
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      FaultProxy proxy = scene.proxy();
      Held keeps = Held.of(Requests.patch("persistentvolumes"), proxy);
      RefloatProcess controller = scene.controllerBehind(proxy);
      String home = scene.loseNodeOf("db-0");
      keeps.awaitSent();
      scene.world().nodeReturns(home);
      scene.world().awaitScheduled("db-0");
      keeps.letGo();

      scene.awaitMessage(
          controller, "db-0", "Claim is marked to stay, no delete on its way is good for it");
      scene.awaitMessage(controller, "db-0", "Volume is set back, its claim stays");

      scene.assertUntouched("data-db-0");
      assertThat(proxy.recording().of(Requests.delete("persistentvolumeclaims")).count()).isZero();
      PersistentVolume now = scene.world().volumeInCluster(volume).orElseThrow();
      assertThat(now.getSpec().getPersistentVolumeReclaimPolicy()).isEqualTo("Delete");
      assertThat(now.getMetadata().getAnnotations().keySet())
          .noneMatch(key -> key.startsWith("refloat.dev/"));
    }
  }

  @Test
  @SideBySide
  void S44_a_volume_that_is_not_Retain_when_it_is_read_back_keeps_its_claim(Lab lab) {
    try (Scene scene = Scene.in(lab, "window-read-back")) {
      // GIVEN somebody who sets the policy back as soon as it is set
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      FaultProxy proxy = scene.proxy();
      var _ =
          proxy.once(
              Requests.patch("persistentvolumes"),
              new Fault.LateRequest(
                  () -> {
                    var _ =
                        proxy.once(
                            Requests.get("persistentvolumes"),
                            new Fault.LateRequest(() -> setPolicy(lab, volume, "Delete")));
                  }));
      RefloatProcess controller = scene.controllerBehind(proxy);
      String lost = scene.loseNodeOf("db-0");

      LogLine abandoned =
          scene.awaitMessage(controller, "db-0", "Abandoned a recovery, looking again");

      assertThat(abandoned.get("why").orElseThrow()).contains("is not Retain when read back");
      // AND whenever the claim went, the volume was Retain
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      Version<PersistentVolumeClaim> goes =
          scene.recorder().claims().firstDeleting("data-db-0").orElseThrow();
      assertThat(
              scene
                  .recorder()
                  .volumes()
                  .lastBefore(volume, goes)
                  .orElseThrow()
                  .object()
                  .getSpec()
                  .getPersistentVolumeReclaimPolicy())
          .isEqualTo("Retain");
    }
  }

  @Test
  @SideBySide
  void S19_a_volume_that_is_another_one_before_its_claim_goes_keeps_the_claim(Lab lab) {
    try (Scene scene = Scene.in(lab, "window-volume")) {
      // GIVEN a recovery that writes nothing to the volume, and reads it last
      scene.running(Scene.optedIn("db").annotation("refloat.dev/data", "discard"));
      String volume = scene.volumeOf("data-db-0");
      FaultProxy proxy = scene.proxy();
      // WHEN its object vanishes after the survey
      AtomicBoolean lost = new AtomicBoolean();
      var _ =
          proxy.always(
              Requests.get("persistentvolumes").named(volume),
              new Fault.LateRequest(
                  () -> {
                    if (isLastLook(proxy) && lost.compareAndSet(false, true)) {
                      scene.world().volumeObjectLost(volume);
                    }
                  }));
      RefloatProcess controller = scene.controllerBehind(proxy);
      scene.loseNodeOf("db-0");

      LogLine abandoned =
          scene.awaitMessage(controller, "db-0", "Abandoned a recovery, looking again");

      assertThat(abandoned.get("why").orElseThrow()).contains("volume " + volume + " has changed");
      assertThat(proxy.recording().of(Requests.delete("persistentvolumeclaims")).count()).isZero();
    }
  }

  /** Whether a volume is read after its pod: a survey reads it after its claim. */
  private static boolean isLastLook(FaultProxy proxy) {
    return proxy
        .recording()
        .of(Requests.reads("pods", "persistentvolumeclaims"))
        .exchanges()
        .getLast()
        .request()
        .resource()
        .equals("pods");
  }

  @Test
  @SideBySide
  void S40_a_person_who_deletes_the_same_claim_first_costs_no_fresh_one(Lab lab) {
    try (Scene scene = Scene.in(lab, "window-person")) {
      scene.running(Scene.optedIn("db"));
      FaultProxy proxy = scene.proxy();
      var _ =
          proxy.once(
              Requests.delete("persistentvolumeclaims"),
              new Fault.LateRequest(
                  () -> {
                    String before = scene.claimUid("data-db-0");
                    scene.world().deleteClaim("data-db-0");
                    Await.within(PATIENCE)
                        .until(
                            "the set makes its claim anew",
                            () ->
                                scene
                                    .world()
                                    .claim("data-db-0")
                                    .filter(now -> !now.getMetadata().getUid().equals(before))
                                    .isPresent());
                  }));
      scene.controllerBehind(proxy);

      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      assertThat(
              proxy.recording().of(Requests.delete("persistentvolumeclaims")).succeeded().count())
          .isZero();
    }
  }

  @Test
  @SideBySide
  void S52_a_pod_that_changes_under_its_delete_is_read_again_and_no_claim_goes_twice(Lab lab) {
    try (Scene scene = Scene.in(lab, "window-pod")) {
      scene.running(Scene.optedIn("db"));
      FaultProxy proxy = scene.proxy();
      var _ = proxy.once(Requests.delete("pods"), new Fault.LateRequest(() -> scene.touch("db-0")));
      RefloatProcess controller = scene.controllerBehind(proxy);

      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      scene.assertRefloatedOnce("data-db-0");
      assertThat(proxy.recording().of(Requests.delete("pods")).exchanges().getFirst().succeeded())
          .as("the first delete of the pod")
          .isFalse();
      assertThat(
              proxy.recording().of(Requests.delete("persistentvolumeclaims")).succeeded().count())
          .isOne();
    }
  }

  @Test
  @SideBySide
  void S41_SIGTERM_between_two_writes_sets_the_volume_back_and_ends_with_status_0(Lab lab)
      throws InterruptedException {
    try (Scene scene = Scene.in(lab, "window-sigterm")) {
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      FaultProxy proxy = scene.proxy();
      Held keeps = Held.of(Requests.patch("persistentvolumes"), proxy);
      RefloatProcess controller = scene.controllerBehind(proxy);
      String lost = scene.loseNodeOf("db-0");
      keeps.awaitSent();

      // WHEN it is asked to end, and its write arrives only then
      assertThat(controller.handle().destroy()).isTrue();
      controller.awaitLine(
          "begins nothing new",
          line -> line.message().equals("Nothing new begins, what is under way is finished"),
          PATIENCE);
      keeps.letGo();

      // THEN it ends cleanly, and the next one does the whole work
      assertThat(controller.awaitEnd()).isZero();
      assertThat(policyOf(scene, volume)).isEqualTo("Delete");
      scene.assertUntouched("data-db-0");
      scene.controller();
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      scene.assertKept(volume);
    }
  }

  private static String policyOf(Scene scene, String volume) {
    return scene
        .world()
        .volumeInCluster(volume)
        .orElseThrow()
        .getSpec()
        .getPersistentVolumeReclaimPolicy();
  }

  private static void setPolicy(Lab lab, String volume, String policy) {
    lab.client()
        .persistentVolumes()
        .withName(volume)
        .edit(
            found ->
                new PersistentVolumeBuilder(found)
                    .editSpec()
                    .withPersistentVolumeReclaimPolicy(policy)
                    .endSpec()
                    .build());
  }
}
