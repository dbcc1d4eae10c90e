package dev.refloat.lab.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.certs.Issuer;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Version;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pods that are made while nobody can ask the webhook. */
@InTheBackground
@ExtendWith(Lab.Shared.class)
class MissedPodsIT {

  private static final String LABEL = "refloat.dev/local-storage";
  private static final String LOOKS = "Looking for pods that were made while nobody was asked";

  /** A port that needs rights which no test has use for. */
  private static final int NOBODY_LISTENS = 1;

  /** A look every fifteen seconds, and a Lease that has to end first at worst. */
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** What is the matter with the webhook. */
  enum Trouble {
    /** Nobody listens. */
    DOWN,
    /** Somebody listens and never says a word. */
    SILENT,
    /** Its certificate is by an authority that the API server does not know. */
    UNTRUSTED
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void S49_pods_are_admitted_all_the_same_and_found_without_a_restart(Trouble trouble, Lab lab)
      throws Exception {
    try (Scene scene = Scene.in(lab, "missed");
        Sweepers sweepers = new Sweepers(lab, scene);
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      RefloatProcess webhook = sweepers.start();
      // GIVEN a set that runs, and a webhook that the API server is sent to in vain
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller = scene.controller();
      int port =
          switch (trouble) {
            case DOWN -> NOBODY_LISTENS;
            case SILENT -> silent.getLocalPort();
            case UNTRUSTED -> webhook.admissionPort().orElseThrow();
          };
      String name = scene.world().namespace();
      List<HasMetadata> registered =
          lab.installation().registerFor(name, name, port, anotherAuthority());
      String lost;
      try {
        lost = missedWhileItsNodeIsLost(lab, scene);
      } finally {
        registered.forEach(each -> lab.client().resource(each).delete());
      }

      // THEN the pod was admitted without its label, which the API server has counted,
      Version<Pod> made = secondPod(scene);
      assertThat(made.object().getMetadata().getLabels()).doesNotContainKey(LABEL);

      // gets it within a minute,
      Instant labelled = awaitLabelled(scene, made.uid());
      assertThat(Duration.between(made.receivedAt(), labelled)).isLessThan(A_MINUTE);
      LogLine found =
          webhook.awaitLine(
              "says which pod it has found",
              line ->
                  line.message().equals("Labelled a pod that was made while nobody was asked")
                      && line.get("pod").filter("db-0"::equals).isPresent(),
              PATIENCE);
      assertThat(found.get("by")).contains(Scene.instance(webhook));
      assertThat(webhook.get("/metrics"))
          .contains("refloat_sweep_findings_total{outcome=\"labelled\",reason=\"OnVolume\"} 1.0");

      // and is refloated.
      scene.awaitReadyElsewhere("db-0", lost, PATIENCE);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      scene.assertRefloatedOnce("data-db-0");
    }
  }

  @Test
  void S49_a_waiting_pod_whose_opt_in_is_gone_loses_its_label(Lab lab) {
    try (Scene scene = Scene.in(lab, "gone");
        Sweepers sweepers = new Sweepers(lab, scene)) {
      sweepers.start();
      LabStatefulSet huge = Scene.optedIn("db").cpu("64");
      scene.world().add(huge);
      Pod waiting = scene.world().awaitUnschedulable("db-0");
      assertThat(waiting.getMetadata().getLabels()).containsEntry(LABEL, "true");

      assertThat(
              Kubectl.in(lab.controlPlane(), scene.world().namespace())
                  .run("annotate", "pod", "db-0", "refloat.dev/recover-")
                  .exitCode())
          .isZero();

      scene
          .world()
          .patience(PATIENCE)
          .awaitPod(
              "db-0",
              "has no label any more",
              pod -> !pod.getMetadata().getLabels().containsKey(LABEL));
      assertThat(scene.recorder().pods().uids("db-0")).hasSize(1);
    }
  }

  @Test
  void one_process_looks_at_a_time_and_another_takes_its_turn(Lab lab) {
    try (Scene scene = Scene.in(lab, "turns");
        Sweepers sweepers = new Sweepers(lab, scene)) {
      RefloatProcess first = sweepers.start();
      first.awaitLine("looks", MissedPodsIT::looks, PATIENCE);
      RefloatProcess second = sweepers.start();
      RefloatProcess third = sweepers.start();
      assertThat(Scene.messages(second)).doesNotContain(LOOKS);
      assertThat(Scene.messages(third)).doesNotContain(LOOKS);

      // Whoever ends gives the turn back, whoever is killed does not.
      assertThat(first.terminate()).isZero();
      RefloatProcess next = whoeverLooks(second, third);
      RefloatProcess last = next == second ? third : second;
      // More than one look, so that the other one has asked for its turn as well in between.
      Await.within(PATIENCE)
          .until("three looks", () -> next.metric("refloat_sweep_looks_total") >= 3);
      assertThat(last.metric("refloat_sweep_looks_total")).isZero();
      next.kill();
      Await.within(PATIENCE).until("a look", () -> last.metric("refloat_sweep_looks_total") > 0);
    }
  }

  @Test
  void a_dry_run_says_what_it_would_label(Lab lab) {
    try (Scene scene = Scene.in(lab, "dry");
        Sweepers sweepers = new Sweepers(lab, scene)) {
      lab.installation()
          .whileUnregistered(
              scene.world().namespace(),
              () -> {
                scene.world().add(Scene.optedIn("db").cpu("64"));
                scene.world().awaitUnschedulable("db-0");
              });
      RefloatProcess webhook = sweepers.start("DRY_RUN", "true");
      webhook.awaitLine(
          "says what it would do",
          line ->
              line.message()
                  .equals("Dry run: would label a pod that was made while nobody was asked"),
          PATIENCE);
      assertThat(scene.world().pod("db-0").orElseThrow().getMetadata().getLabels())
          .doesNotContainKey(LABEL);
    }
  }

  private static boolean looks(LogLine line) {
    return line.message().equals(LOOKS);
  }

  private static RefloatProcess whoeverLooks(RefloatProcess one, RefloatProcess other) {
    Await.within(PATIENCE)
        .until(
            "one of the others looks",
            () -> Scene.messages(one).contains(LOOKS) || Scene.messages(other).contains(LOOKS));
    return Scene.messages(one).contains(LOOKS) ? one : other;
  }

  /**
   * Webhooks that look for pods of a scene, and that nobody asks. They have a namespace of their
   * own.
   */
  private static final class Sweepers implements AutoCloseable {
    private final Lab lab;
    private final Scene scene;
    private final World own;
    private final OwnRights rights;
    private final List<RefloatProcess> processes = new ArrayList<>();

    Sweepers(Lab lab, Scene scene) {
      this.lab = lab;
      this.scene = scene;
      own = World.create(lab.controlPlane(), "sweepers");
      rights = OwnRights.in(lab.client(), own.namespace());
    }

    RefloatProcess start(String... settings) {
      Map<String, String> environment =
          Environment.of(
              Map.of(
                  "POD_NAMESPACE", own.namespace(),
                  "REFLOAT_WEBHOOK_CONFIGURATION", own.namespace(),
                  "WATCHED_NAMESPACES", scene.world().namespace()),
              settings);
      RefloatProcess started =
          lab.installation()
              .unregisteredWebhook(own.namespace() + "-" + (processes.size() + 1), environment);
      processes.add(started);
      return started;
    }

    @Override
    public void close() {
      processes.forEach(RefloatProcess::close);
      rights.close();
      own.close();
    }
  }

  /** Returns the name of the node that was lost, once the pod is there again and waits. */
  private static String missedWhileItsNodeIsLost(Lab lab, Scene scene) {
    String[] lost = new String[1];
    lab.installation()
        .whileUnregistered(
            scene.world().namespace(),
            () -> {
              double before = missedBy(lab, scene);
              lost[0] = scene.loseNodeOf("db-0");
              scene.world().awaitUnschedulable("db-0");
              Await.seconds(20)
                  .until(
                      "the API server to count a pod that was let in unasked",
                      () -> missedBy(lab, scene) > before);
            });
    return lost[0];
  }

  private static double missedBy(Lab lab, Scene scene) {
    String metrics =
        Kubectl.in(lab.controlPlane(), scene.world().namespace())
            .run("get", "--raw", "/metrics")
            .output();
    return Pattern.compile(
            "apiserver_admission_webhook_fail_open_count\\{name=\"pods.refloat.dev\",type=\"admit\"} (\\S+)")
        .matcher(metrics)
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }

  /** The first that was seen of the pod that took the place of the one on the lost node. */
  private static Version<Pod> secondPod(Scene scene) {
    String uid = scene.recorder().pods().uids("db-0").get(1);
    return scene.recorder().pods().of("db-0").stream()
        .filter(version -> version.uid().equals(uid))
        .findFirst()
        .orElseThrow();
  }

  private static Instant awaitLabelled(Scene scene, String uid) {
    return Await.within(PATIENCE)
        .until(
            "db-0 to have the label",
            () ->
                scene.recorder().pods().of("db-0").stream()
                    .filter(version -> version.uid().equals(uid))
                    .filter(
                        version -> version.object().getMetadata().getLabels().containsKey(LABEL))
                    .map(Version::receivedAt)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Of somebody else altogether. */
  private static String anotherAuthority() throws CertificateEncodingException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
            .encodeToString(
                new Issuer(new SecureRandom())
                    .authority(Instant.now(), Duration.ofDays(1))
                    .certificate()
                    .getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
