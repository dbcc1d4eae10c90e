package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.lab.recorder.Recorder;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.LocalVolume;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import dev.refloat.lab.world.WorldNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the manifests grant, where Refloat may work in some namespaces only: it is enough, and each
 * right of it is missed by whoever has not got it, who says so.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("rights") // one after the other, beside all others
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RightsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CONTROLLER = "refloat-controller";
  private static final int SHOWN = 2000;
  private static final Path LOGS = Path.of("target", "rights-logs");
  private static final Document INSTALL = Document.of("install.md");
  private static final String STOP =
      "kubectl delete clusterrolebinding,rolebinding -A -l app.kubernetes.io/part-of=refloat";
  private static final String LABEL = "refloat.dev/local-storage";

  /** Where pods are stranded, and Refloat is told to write nothing. */
  private static final String LOOKED_AT = "looked-at";

  /** Where Refloat does what it does. */
  private static final String WATCHED = "watched";

  private OwnControlPlane controlPlane;
  private KubernetesClient client;
  private Kubectl kubectl;
  private Installation installation;
  private World lookedAt;
  private World watched;
  private int number;

  @BeforeAll
  void refloatForTwoNamespaces() throws IOException {
    controlPlane =
        OwnControlPlane.start(
            LabSettings.fromEnvironment(), Progress.toStandardError(), Tuning.NONE);
    client = controlPlane.client();
    kubectl = Kubectl.on(controlPlane);
    Files.createDirectories(LOGS);
    watched = World.create(controlPlane, WorldNames.plain(WATCHED)).patience(PATIENCE);
    lookedAt = World.create(controlPlane, new WorldNames(LOOKED_AT, "other-")).patience(PATIENCE);
    grant();
    watched
        .add(new LabStorageClass.Dynamic("fast", ReclaimPolicy.DELETE))
        .add(LabNode.named("refuge"));
    strand();
  }

  private void grant() {
    installation = Installation.on(controlPlane, LOGS);
    for (String namespace : List.of(WATCHED, LOOKED_AT)) {
      INSTALL.commands("Some namespaces only").stream()
          .map(command -> command.replace("-n shop", "-n " + namespace))
          .map(command -> command.replace("manifests/", Overlay.shipped("") + "/"))
          .forEach(kubectl::saysTo);
      awaitMay(CONTROLLER, "delete pods", namespace, "yes");
      awaitMay("refloat-webhook", "patch pods", namespace, "yes");
    }
    awaitMay(CONTROLLER, "delete pods", "default", "no");
    awaitMay(CONTROLLER, "patch persistentvolumes", "default", "yes");
    awaitMay(CONTROLLER, "list nodes", "default", "yes");
    awaitMay("refloat-webhook", "get storageclasses", "default", "yes");
    awaitMay("refloat-webhook", "create secrets", Installation.NAMESPACE, "yes");
  }

  /**
   * One pod on a volume of a driver that keeps count, one on a volume that was made by hand, and
   * one that is given time; and two that nobody has labelled, one of them without a volume yet.
   */
  private void strand() {
    lookedAt
        .add(new LabStorageClass.Dynamic("counted", ReclaimPolicy.DELETE).keepingCount())
        .add(new LabStorageClass.Static("by-hand"))
        .add(LabNode.named("home"))
        .addCapacity("counted", "home", "10Gi")
        .add(LocalVolume.on("home", "disk", "by-hand"));
    lookedAt
        .add(stranding("driven", "counted"))
        .add(stranding("handmade", "by-hand"))
        .add(stranding("patient", "counted").annotation("refloat.dev/after", "1h"))
        .add(overlooked("overlooked"))
        .add(overlooked("nowhere").nodeSelector("is", "nowhere"));
    lookedAt.awaitReady("driven-0");
    lookedAt.awaitReady("handmade-0");
    lookedAt.awaitReady("patient-0");
    lookedAt.awaitReady("overlooked-0");
    lookedAt
        .add(LabNode.named("refuge"))
        .addCapacity("counted", "refuge", "10Gi")
        .add(LocalVolume.on("refuge", "spare", "by-hand"));
    lookedAt.nodeLost("home");
    lookedAt.awaitUnschedulable("overlooked-0");
    lookedAt.awaitUnschedulable("nowhere-0");
  }

  private static LabStatefulSet overlooked(String name) {
    return Scene.optIn(LabStatefulSet.named(name)).claim("data", "counted");
  }

  /** No webhook is asked here, so its template says that its pods are watched. */
  private static LabStatefulSet stranding(String name, String storageClass) {
    return Scene.optIn(LabStatefulSet.named(name)).claim("data", storageClass).label(LABEL, "true");
  }

  @AfterAll
  void close() {
    watched.close();
    lookedAt.close();
    controlPlane.close();
  }

  /** A process that finds nothing of an earlier one. */
  private RefloatProcess begin(
      RefloatProgram program, String namespace, Map<String, String> settings) {
    client.leases().inNamespace(Installation.NAMESPACE).delete();
    if (program == RefloatProgram.WEBHOOK) {
      client.secrets().inNamespace(Installation.NAMESPACE).delete();
      registerAnew();
    }
    Map<String, String> all = new TreeMap<>(settings);
    all.put("WATCHED_NAMESPACES", namespace);
    all.put("REFLOAT_BRAKE", "100%");
    all.put("REFLOAT_CERTIFICATE_LIFETIME", "20s");
    return installation.begin(program, program.program() + "-" + ++number, all);
  }

  /** As it was before any webhook was there: without a bundle of authorities. */
  private void registerAnew() {
    try (InputStream manifest =
        Files.newInputStream(Path.of(Overlay.shipped("base/webhook.yaml").toString()))) {
      for (HasMetadata each : client.load(manifest).items()) {
        client.resource(each).delete();
        client.resource(each).create();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void where_it_may_work_it_refloats_and_elsewhere_it_may_nothing() {
    try (Recorder recorder = Recorder.of(client, watched);
        RefloatProcess controller =
            begin(RefloatProgram.CONTROLLER, WATCHED, Map.of()).awaitReady()) {
      refloats("well", recorder);
      assertThat(text(controller)).doesNotContain("forbidden");
    }
    for (String verb : List.of("list pods", "delete pods", "delete persistentvolumeclaims")) {
      assertThat(may(CONTROLLER, verb, WATCHED)).as(verb).isEqualTo("yes");
      assertThat(may(CONTROLLER, verb, "default")).as(verb).isEqualTo("no");
    }
  }

  @Test
  void the_webhook_finds_what_was_missed_with_its_rights_in_some_namespaces() {
    try (RefloatProcess webhook =
        begin(RefloatProgram.WEBHOOK, LOOKED_AT, Map.of("DRY_RUN", "true"))) {
      Await.within(PATIENCE)
          .until(
              "the pod that nobody has labelled to be found",
              () ->
                  webhook.log().stream()
                      .filter(line -> line.message().startsWith("Dry run: would label a pod"))
                      .flatMap(line -> line.get("pod").stream())
                      .collect(Collectors.toSet()),
              Set.of("overlooked-0")::equals);
      webhook.awaitReady();
      assertThat(text(webhook)).doesNotContain("forbidden");
    }
  }

  @Test
  void what_the_manual_says_stops_everything_at_once() {
    assertThat(Document.of("operations.md").text()).contains(STOP);
    kubectl.saysTo(STOP);
    try {
      for (String what : List.of("list pods", "delete pods", "delete persistentvolumeclaims")) {
        awaitMay(CONTROLLER, what, WATCHED, "no");
      }
    } finally {
      grant();
    }
  }

  /** Waits until the API server has heard of a change of rights as well. */
  private void awaitMay(String account, String what, String namespace, String answer) {
    Await.within(PATIENCE)
        .until(
            "%s to hear whether it may %s in %s".formatted(account, what, namespace),
            () -> may(account, what, namespace),
            answer::equals);
  }

  private String may(String account, String what, String namespace) {
    String[] words = what.split(" ", 2);
    return kubectl
        .run(
            "auth",
            "can-i",
            words[0],
            words[1],
            "-n",
            namespace,
            "--as=system:serviceaccount:refloat-system:" + account)
        .output()
        .lines()
        .reduce("", (_, last) -> last);
  }

  /** A set of that name loses its node, and gets another one. */
  private void refloats(String name, Recorder recorder) {
    lose(name);
    watched.awaitReadyElsewhere(name + "-0", "home-" + name);
    var _ = recorder.mark();
    assertThat(recorder.claims().uids("data-" + name + "-0")).hasSize(2);
  }

  private void lose(String name) {
    runs(name);
    watched.nodeLost("home-" + name);
  }

  /** A set of that name runs on a node of its own, and there is another node. */
  private void runs(String name) {
    watched.cordon("refuge");
    watched.add(LabNode.named("home-" + name)).add(stranding(name, "fast"));
    watched.awaitReady(name + "-0");
    watched.uncordon("refuge");
  }

  /** A pod of that name is told why it is left alone, is forgotten, and is told that again. */
  private void tellTwice(RefloatProcess controller, String name) {
    runs(name);
    watched.cordon("home-" + name);
    watched.deletePod(name + "-0");
    awaitTold("StateNotOptedIn", name);
    // Nobody answers for the webhook here, so that a person may.
    Kubectl here = Kubectl.in(controlPlane, WATCHED);
    here.says("label", "pod", name + "-0", LABEL + "-");
    awaitForgotten(controller, "StateNotOptedIn");
    here.says("label", "pod", name + "-0", LABEL + "=true");
  }

  private void awaitForgotten(RefloatProcess controller, String reason) {
    Pattern pods = Pattern.compile("(?m)^refloat_pods[{].*reason=\"%s\"".formatted(reason));
    Await.within(PATIENCE)
        .until(
            "no pod to have the verdict " + reason,
            () -> !pods.matcher(controller.get("/metrics")).find());
  }

  private void awaitTold(String reason, String name) {
    Await.within(PATIENCE)
        .until(
            "%s to be told of %s".formatted(reason, name),
            () ->
                client.events().v1().events().inNamespace(WATCHED).list().getItems().stream()
                    .filter(event -> (name + "-0").equals(event.getRegarding().getName()))
                    .anyMatch(event -> reason.equals(event.getReason())));
  }

  /** Each where it counts; what counts in both namespaces is tried where it is needed. */
  private Stream<Right> rightsOf(RefloatProgram program) {
    Set<String> everywhere =
        client.rbac().clusterRoleBindings().list().getItems().stream()
            .map(binding -> binding.getRoleRef().getName())
            .collect(Collectors.toUnmodifiableSet());
    Stream<Right> ofTheCluster =
        client.rbac().clusterRoles().list().getItems().stream()
            .flatMap(
                role ->
                    Right.of(
                        role,
                        everywhere.contains(role.getMetadata().getName())
                            ? Optional.empty()
                            : Optional.of(LOOKED_AT)));
    Stream<Right> atHome =
        client.rbac().roles().inAnyNamespace().list().getItems().stream()
            .flatMap(role -> Right.of(role, Optional.of(role.getMetadata().getNamespace())));
    return Stream.concat(ofTheCluster, atHome)
        .filter(right -> right.role().getMetadata().getName().startsWith(program.program()));
  }

  Stream<Right> rightsOfTheController() {
    return rightsOf(RefloatProgram.CONTROLLER);
  }

  @ParameterizedTest
  @MethodSource("rightsOfTheController")
  void the_controller_says_which_right_it_has_not_got(Right right) {
    if (right.isReading() && !right.isOnlyForWriting()) {
      assertMissed(right, RefloatProgram.CONTROLLER, LOOKED_AT, Map.of("DRY_RUN", "true"), _ -> {});
    } else if (right.resource().equals("events") && right.verb().equals("patch")) {
      assertMissed(
          right,
          RefloatProgram.CONTROLLER,
          WATCHED,
          Map.of(),
          it -> tellTwice(it, "case-" + number));
    } else {
      assertMissed(
          right, RefloatProgram.CONTROLLER, WATCHED, Map.of(), _ -> lose("case-" + number));
    }
  }

  Stream<Right> rightsOfTheWebhook() {
    return rightsOf(RefloatProgram.WEBHOOK);
  }

  @ParameterizedTest
  @MethodSource("rightsOfTheWebhook")
  void the_webhook_says_which_right_it_has_not_got(Right right) {
    // Who is not told otherwise labels what the others are to find without a label.
    boolean labels = right.resource().equals("pods") && right.verb().equals("patch");
    assertMissed(
        right,
        RefloatProgram.WEBHOOK,
        LOOKED_AT,
        Map.of("DRY_RUN", Boolean.toString(!labels)),
        _ -> {});
  }

  /**
   * Asserts that a process without that right says so.
   *
   * @param settings of the process
   * @param something that happens while it runs, which is given the process
   */
  private void assertMissed(
      Right right,
      RefloatProgram program,
      String namespace,
      Map<String, String> settings,
      Consumer<RefloatProcess> something) {
    right.taken(
        client,
        program.program(),
        () -> {
          try (RefloatProcess process = begin(program, namespace, settings)) {
            something.accept(process);
            Await.within(PATIENCE)
                .until(
                    "the log to say: " + right.refusal(),
                    () -> text(process),
                    text -> text.contains(right.refusal()),
                    text -> text.substring(Math.max(0, text.length() - SHOWN)));
          }
        });
  }

  private static String text(RefloatProcess process) {
    try {
      return Files.readString(process.logFile()).replace("\\\"", "\"");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + process.logFile(), e);
    }
  }
}
