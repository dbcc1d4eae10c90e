package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.faults.Rule;
import dev.refloat.lab.process.RefloatProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two controllers that know nothing of each other, as after a Lease was lost unseen: the
 * preconditions alone keep everything safe (S40).
 */
@ExtendWith(Lab.Shared.class)
class TwoControllersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> SETS =
      IntStream.range(0, 10).mapToObj(number -> "db" + number).toList();

  @Test
  @SideBySide
  void S40_of_ten_sets_that_lose_one_node_each_gives_up_its_claim_exactly_once(Lab lab) {
    try (Scene scene = Scene.in(lab, "two")) {
      String home = tenSetsOnOneNode(scene);
      FaultProxy first = scene.proxy();
      FaultProxy second = scene.proxy();
      scene.controllerBehind(first);
      scene.controllerBehind(second);

      scene.world().nodeLost(home);

      assertAllRefloatedOnce(scene, home);
      assertThat(deletes(first) + deletes(second)).isEqualTo(SETS.size());
    }
  }

  @Test
  @SideBySide
  void S40_S41_one_is_killed_in_the_middle_and_the_other_does_what_is_left(Lab lab) {
    try (Scene scene = Scene.in(lab, "two-killed")) {
      String home = tenSetsOnOneNode(scene);
      FaultProxy proxy = scene.proxy();
      RefloatProcess first = scene.controllerBehind(proxy);
      CountDownLatch third = new CountDownLatch(1);
      Rule kill =
          proxy.nth(
              3,
              scene.recoveryWrites(),
              Fault.cutAfter(
                  () -> {
                    third.countDown();
                    first.kill();
                  }));
      scene.controllerBehind(scene.heldUpUntil(third));

      scene.world().nodeLost(home);

      Await.within(PATIENCE).until("the first is killed", () -> kill.done() == 1);
      assertAllRefloatedOnce(scene, home);
    }
  }

  @Test
  @SideBySide
  void S40_S47_the_answers_to_one_get_lost_and_the_other_is_in_nobodys_way(Lab lab) {
    try (Scene scene = Scene.in(lab, "two-cut")) {
      String home = tenSetsOnOneNode(scene);
      FaultProxy proxy = scene.proxy();
      CountDownLatch third = new CountDownLatch(1);
      List<Rule> cuts =
          List.of(
              proxy.nth(1, scene.recoveryWrites(), Fault.cutAfter()),
              proxy.nth(2, scene.recoveryWrites(), Fault.cutAfter()),
              proxy.nth(3, scene.recoveryWrites(), Fault.cutAfter(third::countDown)));
      scene.controllerBehind(proxy);
      scene.controllerBehind(scene.heldUpUntil(third));

      scene.world().nodeLost(home);

      assertAllRefloatedOnce(scene, home);
      assertThat(cuts).allSatisfy(cut -> assertThat(cut.done()).isOne());
    }
  }

  @Test
  @SideBySide
  void S40_a_delete_that_arrives_when_the_other_has_finished_never_hits_the_fresh_claim(Lab lab)
      throws InterruptedException {
    try (Scene scene = Scene.in(lab, "two-late")) {
      // GIVEN a first one whose delete is on its way, and stays there
      scene.running(Scene.optedIn("db"));
      FaultProxy proxy = scene.proxy();
      CountDownLatch sent = new CountDownLatch(1);
      CountDownLatch arrives = new CountDownLatch(1);
      Rule late =
          proxy.once(
              Requests.delete("persistentvolumeclaims"),
              new Fault.LateRequest(
                  () -> {
                    sent.countDown();
                    Latches.await(arrives);
                  }));
      RefloatProcess first = scene.controllerBehind(proxy);
      String lost = scene.loseNodeOf("db-0");
      assertThat(Latches.opens(sent, PATIENCE)).isTrue();

      // WHEN it is killed, and another one finishes before the delete arrives
      first.kill();
      scene.controller();
      scene.awaitReadyElsewhere("db-0", lost);
      arrives.countDown();
      Await.within(PATIENCE)
          .until(
              "the late delete is answered",
              () ->
                  proxy
                      .recording()
                      .of(Requests.delete("persistentvolumeclaims"))
                      .exchanges()
                      .stream()
                      .anyMatch(exchange -> exchange.serverStatus().isPresent()));

      // THEN the API server has refused it
      assertThat(
              proxy
                  .recording()
                  .of(Requests.delete("persistentvolumeclaims"))
                  .exchanges()
                  .getFirst()
                  .serverStatus())
          .hasValue(409);
      scene.assertRefloatedOnce("data-db-0");
      assertThat(late.done()).isLessThanOrEqualTo(1);
    }
  }

  private static String tenSetsOnOneNode(Scene scene) {
    scene.onlyOn("n1");
    SETS.forEach(set -> scene.world().add(Scene.optedIn(set)));
    SETS.forEach(set -> scene.world().awaitReady(set + "-0"));
    scene.everywhere();
    return "n1";
  }

  private static void assertAllRefloatedOnce(Scene scene, String home) {
    SETS.forEach(set -> scene.awaitReadyElsewhere(set + "-0", home));
    SETS.forEach(set -> scene.assertRefloatedOnce("data-" + set + "-0"));
  }

  /** How many claims the API server has deleted for it. */
  private static int deletes(FaultProxy proxy) {
    return proxy.recording().of(Requests.delete("persistentvolumeclaims")).succeeded().count();
  }
}
