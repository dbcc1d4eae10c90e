package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.faults.Exchange;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Recording;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.faults.Rule;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lean.LeanLists;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An API server that does not answer, or not as it should, between the controller and the real one.
 */
@ExtendWith(Lab.Shared.class)
class FaultsIT {

  /** Longer than the controller waits for an answer. */
  private static final Duration TOO_LATE = Duration.ofSeconds(11);

  /** A template's claim that answers 404 for five seconds is absent (S56). */
  private static final Duration LONGER_THAN_AN_ABSENCE = Duration.ofSeconds(7);

  /** Longer than what is looked at again by itself. */
  private static final Duration LEFT_ALONE = Duration.ofSeconds(7);

  private static final int MORE_THAN_A_PAGE = 501;

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  static Stream<Arguments> faults() {
    return Stream.of(
        argumentSet("403", "403", Fault.status(403)),
        argumentSet("429", "429", Fault.tooManyRequests(Duration.ofSeconds(1))),
        argumentSet("500", "500", Fault.status(500)),
        argumentSet("504", "504", Fault.status(504)),
        argumentSet("cut before the request", "cut-before", Fault.cutBefore()),
        argumentSet("cut before the answer", "cut-after", Fault.cutAfter()));
  }

  @ParameterizedTest
  @SideBySide
  @MethodSource("faults")
  void S47_while_a_read_fails_nothing_is_written_and_afterwards_the_pod_is_recovered(
      String name, Fault fault, Lab lab) {
    try (Scene scene = Scene.in(lab, "read-" + name)) {
      // GIVEN a stranded pod, and one read after the other that fails, in the order of the survey:
      // none slips through between two of them
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      scene.controllerBehind(proxy);
      Rule failing = proxy.always(Requests.list("nodes"), fault);
      String lost = scene.loseNodeOf("db-0");
      scene.world().awaitUnschedulable("db-0");

      for (Requests next :
          List.of(
              Requests.list("pods"),
              Requests.get("namespaces"),
              Requests.get("statefulsets"),
              Requests.get("persistentvolumeclaims").named("data-db-0"),
              Requests.get("persistentvolumes").named(volume),
              Requests.get("storageclasses"),
              Requests.get("csinodes"))) {
        meetsTwice(scene, failing);
        Rule following = proxy.always(next, fault);
        failing.lift();
        failing = following;
      }
      meetsTwice(scene, failing);

      // THEN nothing was written
      assertThat(proxy.recording().of(scene.recoveryWrites()).count()).isZero();
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);

      // AND once they are answered again, it is done
      failing.lift();
      scene.touch("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
    }
  }

  static Stream<Arguments> readsBetweenTheWrites() {
    Requests keep = Requests.patch("persistentvolumes");
    Requests giveUp = Requests.delete("persistentvolumeclaims");
    Requests makeRoom = Requests.delete("pods");
    return Stream.of(
        argumentSet(
            "the volume, read back", "back", keep, Requests.get("persistentvolumes"), giveUp),
        argumentSet("the pod, a last look", "pod", keep, Requests.get("pods"), giveUp),
        argumentSet("its node, a last look", "node", keep, Requests.list("nodes"), giveUp),
        argumentSet(
            "the claim, is it gone",
            "gone",
            giveUp,
            Requests.get("persistentvolumeclaims"),
            makeRoom));
  }

  @ParameterizedTest
  @SideBySide
  @MethodSource("readsBetweenTheWrites")
  void S47_while_a_read_between_two_writes_fails_the_second_is_not_written(
      String name, Requests before, Requests read, Requests after, Lab lab) {
    try (Scene scene = Scene.in(lab, "between-" + name)) {
      // GIVEN a recovery under way, and a read that fails from its last write on
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      CompletableFuture<Rule> begins = new CompletableFuture<>();
      var _ =
          proxy.once(
              before,
              new Fault.LateRequest(() -> begins.complete(proxy.always(read, Fault.status(504)))));
      scene.controllerBehind(proxy);
      String lost = scene.loseNodeOf("db-0");
      Rule failing = begins.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();

      meetsTwice(scene, failing);

      // THEN it does not go on, and once the read is answered it does
      assertThat(proxy.recording().of(before).succeeded().count()).isPositive();
      assertThat(proxy.recording().of(after).count()).isZero();
      failing.lift();
      scene.touch("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      scene.assertKept(volume);
    }
  }

  /** Two surveys, of which the second began after the first was over. */
  private static void meetsTwice(Scene scene, Rule rule) {
    for (int look = 0; look < 2; look++) {
      long before = rule.done();
      scene.touch("db-0");
      Await.within(PATIENCE).until(rule + " has happened", () -> rule.done() > before);
    }
  }

  @Test
  @SideBySide
  void S47_a_claim_that_cannot_be_read_for_as_long_as_an_absence_takes_is_not_absent(Lab lab) {
    try (Scene scene = Scene.in(lab, "no-absence")) {
      // GIVEN a claim that cannot be read for longer than a missing claim is waited for
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      scene.controllerBehind(proxy);
      Rule failing =
          proxy.always(
              Requests.get("persistentvolumeclaims").named("data-db-0"), Fault.status(504));
      String lost = scene.loseNodeOf("db-0");
      scene.world().awaitUnschedulable("db-0");
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < LONGER_THAN_AN_ABSENCE.toNanos()) {
        meetsTwice(scene, failing);
      }

      // THEN nothing was written, and once it is answered the pod is recovered
      assertThat(proxy.recording().of(scene.recoveryWrites()).count()).isZero();
      failing.lift();
      scene.touch("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
    }
  }

  @ParameterizedTest
  @SideBySide
  @MethodSource("faults")
  void S47_a_write_that_fails_is_decided_anew_and_each_claim_goes_exactly_once(
      String name, Fault fault, Lab lab) {
    try (Scene scene = Scene.in(lab, "write-" + name)) {
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      List<Rule> rules =
          List.of(
              proxy.once(Requests.patch("persistentvolumes"), fault),
              proxy.once(Requests.delete("persistentvolumeclaims"), fault),
              proxy.once(Requests.delete("pods"), fault));
      scene.controllerBehind(proxy);

      String lost = scene.loseNodeOf("db-0");
      for (Rule rule : rules.subList(0, 2)) {
        Await.within(PATIENCE).until(rule + " has happened", () -> rule.done() == 1);
        scene.touch("db-0"); // so that it looks again at once
      }

      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      scene.assertKept(volume);
      assertThat(scene.recorder().pods().uids("db-0").size())
          .as("the first pod, the one that lost its node, and at most one more")
          .isLessThanOrEqualTo(3);
    }
  }

  @Test
  @SideBySide
  void S47_a_read_that_is_answered_too_late_is_not_answered(Lab lab) {
    try (Scene scene = Scene.in(lab, "late-read")) {
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      String volume = scene.volumeOf("data-db-0");
      RefloatProcess controller = scene.controllerBehind(proxy);
      Rule late =
          proxy.always(
              Requests.get("persistentvolumes").named(volume), new Fault.LateAnswer(TOO_LATE));
      String lost = scene.loseNodeOf("db-0");

      controller.awaitLine(
          "could not survey",
          line -> line.message().startsWith("Failed to read all facts, nothing is decided"),
          PATIENCE);

      assertThat(proxy.recording().of(scene.recoveryWrites()).count()).isZero();
      late.lift();
      scene.touch("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
    }
  }

  @Test
  @SideBySide
  void S47_a_delete_that_is_answered_too_late_is_not_sent_again_to_the_fresh_claim(Lab lab) {
    try (Scene scene = Scene.in(lab, "late-write")) {
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      Rule late =
          proxy.once(Requests.delete("persistentvolumeclaims"), new Fault.LateAnswer(TOO_LATE));
      scene.controllerBehind(proxy);

      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      Await.within(PATIENCE).until("the answer has come too late", () -> late.done() == 1);
      scene.assertRefloatedOnce("data-db-0");
      assertThat(proxy.recording().of(Requests.delete("persistentvolumeclaims")).count()).isOne();
    }
  }

  @Test
  @SideBySide
  void S47_an_API_server_that_asks_to_be_left_alone_is_left_alone_whatever_happens(Lab lab) {
    try (Scene scene = Scene.in(lab, "retry-after")) {
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      Requests surveys = Requests.get("statefulsets");
      Rule refused = proxy.once(surveys, Fault.tooManyRequests(LEFT_ALONE));
      RefloatProcess controller = scene.controllerBehind(proxy);
      String lost = scene.loseNodeOf("db-0");
      Await.within(PATIENCE).until(refused + " has happened", () -> refused.done() == 1);

      scene.touch("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      List<Exchange> asked = proxy.recording().of(surveys).exchanges();
      assertThat(Duration.between(asked.getFirst().begun(), asked.get(1).begun()))
          .isGreaterThanOrEqualTo(LEFT_ALONE);
      assertThat(Scene.messages(controller))
          .containsOnlyOnce("The API server asks to be left alone, no pod is looked at before");
      scene.assertRefloatedOnce("data-db-0");
    }
  }

  @Test
  @SideBySide
  void S47_a_list_of_which_the_second_page_is_not_answered_is_none(Lab lab) {
    try (Scene scene = Scene.in(lab, "half-a-list")) {
      FaultProxy proxy = scene.proxy();
      String namespace = scene.world().namespace();
      IntStream.range(0, MORE_THAN_A_PAGE)
          .parallel()
          .mapToObj(i -> LeanListsIT.demanding("pod-" + i, namespace))
          .forEach(pod -> scene.client().resource(pod).create());
      Rule second = proxy.nth(2, Requests.list("pods"), Fault.status(504));
      try (KubernetesClient client = Clients.sendingOnce(proxy.kubeconfig())) {
        LeanLists lists = new LeanLists(client);

        assertThatThrownBy(() -> lists.podsOf(namespace))
            .isInstanceOfSatisfying(
                KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(504));

        assertThat(second.done()).isOne();
        assertThat(lists.podsOf(namespace)).hasSize(MORE_THAN_A_PAGE);
      }
    }
  }

  @Test
  @SideBySide
  void S47_a_watch_of_pods_that_ends_with_410_is_begun_anew(Lab lab) {
    try (Scene scene = Scene.in(lab, "gone")) {
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      scene.controllerBehind(proxy);

      assertThat(proxy.expire(Requests.watch("pods"))).isOne();
      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
      assertThat(proxy.recording().of(Requests.watch("pods")).count()).isGreaterThan(1);
    }
  }

  @Test
  @SideBySide
  void S48_a_node_that_returns_unseen_by_every_watch_keeps_its_pod_and_its_claim(Lab lab) {
    try (Scene scene = Scene.in(lab, "unseen")) {
      // GIVEN a grace period, and watches that have gone silent
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db").annotation("refloat.dev/after", "6s"));
      RefloatProcess controller = scene.controllerBehind(proxy);
      String lost = scene.loseNodeOf("db-0");
      scene.awaitReason(controller, "db-0", "GracePeriod");
      Await.within(PATIENCE)
          .until("the node is watched", () -> proxy.open(Requests.watch("nodes")) > 0);
      assertThat(proxy.block(Requests.watch("nodes"))).isPositive();
      assertThat(proxy.block(Requests.watch("pods"))).isOne();

      // WHEN the node comes back, the pod runs there again, and the grace is over
      scene.world().nodeReturns(lost);
      scene.world().awaitReady("db-0");
      Recording before = proxy.recording();
      Await.within(PATIENCE)
          .until(
              "the controller looks again, at what is live",
              () ->
                  proxy.recording().since(before).of(Requests.reads("pods")).succeeded().count()
                      > 0);
      assertThat(controller.terminate()).as("what was begun is ended").isZero();

      // THEN nobody touched anything
      assertThat(proxy.recording().of(scene.recoveryWrites()).count()).isZero();
      assertThat(scene.world().nodeOf("db-0")).contains(lost);
      scene.assertUntouched("data-db-0");
      assertThat(Scene.messages(controller)).doesNotContain("Refloating a stranded pod");
    }
  }
}
