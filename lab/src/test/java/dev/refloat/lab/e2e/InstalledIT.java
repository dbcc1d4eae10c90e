package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Machines;
import dev.refloat.lab.Progress;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.binaries.ForeignKinds;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.recorder.Recorder;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import dev.refloat.lab.world.WorldNames;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Refloat as a platform team has it: images, manifests and {@code kubectl}, nothing else, on real
 * nodes.
 */
@Machines.OfItsOwn
@ResourceLock("installed") // one after the other
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstalledIT {

  private static final String SYSTEM = Installation.NAMESPACE;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> NODES =
      IntStream.rangeClosed(1, 5).mapToObj(number -> "node-" + number).toList();
  private static final List<String> APPS = List.of("app-alpha", "app-beta", "app-gamma");
  private static final Document INSTALL = Document.of("install.md");
  private static final String LABEL = "refloat.dev/local-storage";
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final int MANY = 100;

  /** Whom the API server asks in vain it asks for ten seconds, see {@link Overlay}. */
  private static final Duration TOO_LONG = Duration.ofSeconds(9);

  private static final double MEBI = 1024 * 1024;
  private static final double NANOS_OF_A_MILLI = 1_000_000;
  private static final String SAMPLES = Overlay.shipped("samples").toString();

  private OwnControlPlane controlPlane;
  private World world;
  private Kubectl kubectl;

  /** The node that was lost. */
  private Optional<String> lost = Optional.empty();

  @BeforeAll
  void nodesThatHaveTheImages() {
    controlPlane =
        OwnControlPlane.start(
            LabSettings.fromEnvironment(), Progress.toStandardError(), Tuning.REAL_NODES);
    world = World.create(controlPlane, WorldNames.plain("localstorage-poc")).patience(PATIENCE);
    world.add(NODES.stream().map(LabNode::named).map(LabNode::real).toArray(LabNode[]::new));
    world.add(new LabStorageClass.Dynamic("local-storage", ReclaimPolicy.DELETE));
    kubectl = Kubectl.on(controlPlane);
    kubectl.knows(ForeignKinds.CERT_MANAGER, "issuers", "certificates");
    BuiltImages.shared()
        .forEach(image -> controlPlane.realNodes().orElseThrow().addImage(image.file()));
  }

  @AfterAll
  void close() {
    world.close();
    controlPlane.close();
  }

  /**
   * Does what docs/install.md says, to a cluster of one's own.
   *
   * @param heading above the commands
   * @param overlay what is applied there instead of what most clusters want
   * @param missing what that overlay does not have
   */
  private void follow(String heading, Overlay overlay, String... missing) {
    INSTALL.commands(heading).stream()
        .filter(command -> Stream.of(missing).noneMatch(command::contains))
        .map(command -> command.replace("manifests/default", overlay.toString()))
        .map(command -> command.replace("manifests/samples", SAMPLES))
        .forEach(kubectl::saysTo);
  }

  private void awaitAsked() {
    Await.within(PATIENCE)
        .until("the API server to ask the webhook by way of its Service", this::isAsked);
  }

  /** A node without a pod of ours, once there are two of each app and no other. */
  private String nodeOfNobody(List<String> apps) {
    List<String> nodes =
        Await.within(PATIENCE)
            .until(
                "two pods of each of " + apps,
                () ->
                    controlPlane.client().pods().inNamespace(SYSTEM).list().getItems().stream()
                        .flatMap(pod -> Stream.ofNullable(pod.getSpec().getNodeName()))
                        .toList(),
                all -> all.size() == 2 * apps.size());
    return NODES.stream().filter(node -> !nodes.contains(node)).findFirst().orElseThrow();
  }

  /** All there is in the cluster that is called by our name: kind, namespace, name. */
  private List<String> ofOurs() {
    String kinds =
        kubectl
            .says("api-resources", "--verbs=list", "-o", "name")
            .lines()
            .collect(Collectors.joining(","));
    return kubectl
        .says(
            "get",
            kinds,
            "--all-namespaces",
            "--no-headers",
            "--output=custom-columns=:.kind,:.metadata.namespace,:.metadata.name")
        .lines()
        .filter(line -> line.contains("refloat"))
        .toList();
  }

  /**
   * Pods are made all the time meanwhile, and none is refused.
   *
   * @param asItShouldBe what each of them is when it was admitted
   */
  private void underLoad(Pod pod, Predicate<Pod> asItShouldBe, Runnable something)
      throws InterruptedException {
    try (KubernetesClient client = Clients.sendingOnce(controlPlane.adminKubeconfig());
        SteadyLoad load = SteadyLoad.on(client, pod, asItShouldBe, PERIOD)) {
      something.run();
      assertThat(load.finish()).isEmpty();
      assertThat(load.sent()).isGreaterThan(MANY);
      assertThat(load.longest()).isLessThan(TOO_LONG);
    }
  }

  /** A pod of a StatefulSet that has opted in, about which the webhook is asked. */
  private Pod optedIn() {
    return SteadyLoad.pod(world.namespace())
        .edit()
        .editMetadata()
        .addToLabels("statefulset.kubernetes.io/pod-name", "app-0")
        .addToAnnotations("refloat.dev/recover", "true")
        .endMetadata()
        .build();
  }

  /** The same with a label that it has not earned. */
  private Pod labelledInVain() {
    return optedIn().edit().editMetadata().addToLabels(LABEL, "true").endMetadata().build();
  }

  private static boolean isLabelled(Pod pod) {
    return pod.getMetadata().getLabels().containsKey(LABEL);
  }

  @Test
  void kubectl_is_all_it_takes_to_install_it_to_see_a_recovery_and_to_remove_it(
      TestReporter reporter) throws InterruptedException {
    Overlay overlay = Overlay.of("installed", List.of(), Map.of());
    follow("Installing it", overlay);
    awaitAsked();
    report(reporter, "after its start");

    // A webhook takes the label off, so one of these that has it was missed.
    underLoad(labelledInVain(), pod -> !isLabelled(pod), () -> upgrade(overlay));
    recovers(List.of("refloat-controller", "refloat-webhook"), "-l", "app=refloat-controller");
    report(reporter, "after a recovery");
    Document runbooks = Document.of("runbooks.md");
    assertShows(runbooks, "Runbooks");
    assertShows(runbooks, "RefloatCertificateNearItsEnd");
    Document manual = Document.of("operations.md");
    assertShows(manual, "A pod is stranded, and Refloat says nothing");
    assertShows(manual, "Refloat says something, and does nothing");
    assertShows(manual, "Loop prevention at the wrong moment");
    assertShows(manual, "The webhook refused my StatefulSet");
    assertShows(runbooks, "RefloatHeldByBrake"); // the last: it stops the controller
    underLoad(optedIn(), _ -> true, () -> follow("Removing it", overlay));

    assertThat(ofOurs()).isEmpty();
    APPS.forEach(app -> world.awaitReady(app + "-0"));
  }

  /** Each command there shows something about the first of the samples. */
  private void assertShows(Document document, String heading) {
    document.commands(heading).stream()
        .map(command -> command.replace("NAMESPACE", world.namespace()))
        .map(command -> command.replace("POD", "app-alpha-0"))
        .map(command -> command.replace("CLAIM", "data-app-alpha-0"))
        .map(command -> command.replace("FILE", SAMPLES + "/app-alpha.yaml"))
        .forEach(
            command ->
                assertThat(kubectl.saysTo(command))
                    .as(command)
                    .isNotEmpty()
                    .doesNotContain("No resources"));
  }

  /** Tells what the containers use, as their kubelets count it, where these can tell. */
  private void report(TestReporter reporter, String when) {
    for (String node : NODES) {
      Terminal.Outcome summary =
          kubectl.run("get", "--raw", "/api/v1/nodes/%s/proxy/stats/summary".formatted(node));
      if (summary.exitCode() != 0) {
        continue; // it is lost
      }
      for (JsonNode pod : json(summary.output()).path("pods")) {
        if (SYSTEM.equals(pod.at("/podRef/namespace").asText())) {
          pod.path("containers")
              .forEach(
                  container ->
                      reporter.publishEntry(
                          "%s, %s".formatted(container.path("name").asText(), when),
                          use(container)));
        }
      }
    }
  }

  private static String use(JsonNode container) {
    return "%.1f MiB in its working set, %.0fm CPU"
        .formatted(
            container.at("/memory/workingSetBytes").asDouble() / MEBI,
            container.at("/cpu/usageNanoCores").asDouble() / NANOS_OF_A_MILLI);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  /** There is one version so far: of the next one other pods are made of the same images. */
  private void upgrade(Overlay overlay) {
    kubectl.says("rollout", "restart", "-n", SYSTEM, "deployment");
    follow("Upgrading", overlay);
  }

  @Test
  void a_controller_beside_a_webhook_with_somebody_else_s_certificate_does_the_same() {
    Overlay overlay = Overlay.of("sidecar", List.of("cert-manager", "sidecar"), Map.of());
    kubectl.says("apply", "-f", Overlay.shipped("base/rbac.yaml").toString());
    kubectl.says("apply", "-k", overlay.toString());
    INSTALL.commands("Certificates by cert-manager").forEach(kubectl::saysTo);
    doAsCertManagerDoes();
    follow("Installing it", overlay, "deployment/refloat-controller");
    awaitAsked();

    recovers(List.of("refloat-webhook"), "-l", "app=refloat-webhook", "--container=controller");

    follow("Removing it", overlay);
    assertThat(ofOurs()).isEmpty();
  }

  /**
   * Issues what the overlay's Certificates ask for, and says in the webhook configurations who has
   * signed it: those that name the Certificate. Its other objects are nobody's here.
   */
  private void doAsCertManagerDoes() {
    ForeignAuthority authority = new ForeignAuthority("cert-manager");
    controlPlane
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(asked("{.spec.secretName}"))
                .withNamespace(SYSTEM)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withStringData(authority.issue(asked("{.spec.dnsNames[0]}")))
                .build())
        .create();
    String bundle =
        Base64.getEncoder().encodeToString(authority.bundle().getBytes(StandardCharsets.US_ASCII));
    for (String kind : List.of("mutatingwebhookconfiguration", "validatingwebhookconfiguration")) {
      JsonNode configuration = json(kubectl.says("get", kind, "refloat", "-o", "json"));
      assertThat(configuration.at("/metadata/annotations/cert-manager.io~1inject-ca-from").asText())
          .isEqualTo(SYSTEM + "/refloat-webhook");
      // Not by replace, which would remember the bundle as something that was applied.
      kubectl.says(
          "patch",
          kind,
          "refloat",
          "--type=json",
          "--patch",
          IntStream.range(0, configuration.get("webhooks").size())
              .mapToObj("/webhooks/%d/clientConfig/caBundle"::formatted)
              .map(
                  path ->
                      "{\"op\": \"add\", \"path\": \"%s\", \"value\": \"%s\"}"
                          .formatted(path, bundle))
              .collect(Collectors.joining(",", "[", "]")));
    }
  }

  private String asked(String path) {
    return kubectl.says(
        "get", "certificate", "-n", SYSTEM, "refloat-webhook", "-o", "jsonpath=" + path);
  }

  /**
   * All three samples lose their node.
   *
   * @param apps what runs of ours
   * @param controller which logs tell of it, for {@code kubectl logs}
   */
  private void recovers(List<String> apps, String... controller) {
    String home = nodeOfNobody(apps);
    NODES.stream().filter(node -> !node.equals(home)).forEach(world::cordon);
    try (Recorder recorder = Recorder.of(controlPlane.client(), world)) {
      follow("Seeing it work", Overlay.shipped("default"), "kubectl logs");
      for (String each : APPS) {
        world.awaitReady(each + "-0");
        assertThat(recorder.pods().of(each + "-0").getFirst().object())
            .as("%s as it was made", each)
            .matches(InstalledIT::isLabelled);
      }
    }
    NODES.forEach(world::uncordon);

    lost = Optional.of(home);
    world.nodeLost(home);

    for (String each : APPS) {
      world.awaitReadyElsewhere(each + "-0", home);
    }
    List<String> logs = new ArrayList<>(List.of("logs", "-n", SYSTEM, "--tail=-1"));
    logs.addAll(List.of(controller));
    assertThat(kubectl.says(logs.toArray(String[]::new)))
        .contains(APPS.stream().map(each -> "claim data-" + each + "-0").toList());
  }

  /** Whatever has become of the test: first what no kubectl can mend. */
  @AfterEach
  void beginAnew() {
    lost.ifPresent(world::nodeReturns);
    lost = Optional.empty();
    NODES.forEach(world::uncordon);
    Stream.of(
            "kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration refloat",
            "kubectl delete -k " + Overlay.shipped("default"),
            "kubectl delete statefulset,pvc --all -n " + world.namespace())
        .forEach(command -> kubectl.saysTo(command + " --ignore-not-found --timeout=120s"));
  }

  private boolean isAsked() {
    return kubectl
        .run("run", "probe", "--image=a", "--labels=%s=x".formatted(LABEL), "--dry-run=server")
        .output()
        .contains("foreign-labels.refloat.dev");
  }
}
