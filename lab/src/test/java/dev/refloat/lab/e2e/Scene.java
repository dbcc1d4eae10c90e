package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Recorder;
import dev.refloat.lab.recorder.Version;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What nearly every test starts from: a world with three nodes and a class {@code fast} whose
 * volumes are wiped when their claims go, a recorder, and a controller that watches this world
 * only.
 */
final class Scene implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final List<String> NODES = List.of("n1", "n2", "n3");

  private final Lab lab;
  private final World world;
  private final Recorder recorder;
  private final List<RefloatProcess> processes = new ArrayList<>();
  private final List<FaultProxy> proxies = new ArrayList<>();

  private Scene(Lab lab, World world, Recorder recorder) {
    this.lab = lab;
    this.world = world;
    this.recorder = recorder;
  }

  static Scene in(Lab lab, String name) {
    return in(lab, name, UnaryOperator.identity());
  }

  /** The same on real nodes. */
  static Scene onRealNodes(Lab lab, String name) {
    return in(lab, name, LabNode::real);
  }

  private static Scene in(Lab lab, String name, UnaryOperator<LabNode> kind) {
    World world = World.create(lab.controlPlane(), name);
    world.add(NODES.stream().map(LabNode::named).map(kind).toArray(LabNode[]::new));
    world.add(new LabStorageClass.Dynamic("fast", ReclaimPolicy.DELETE));
    return new Scene(lab, world, Recorder.of(lab.client(), world));
  }

  /** A set on local volumes that has opted in for a gone node, with a short grace. */
  static LabStatefulSet optedIn(String set) {
    return optIn(plain(set));
  }

  /** Opts in for a gone node, with a short grace. */
  static LabStatefulSet optIn(LabStatefulSet set) {
    return set.annotation("refloat.dev/recover", "true").annotation("refloat.dev/after", "1s");
  }

  /** A set on local volumes that has not opted in. */
  static LabStatefulSet plain(String set) {
    return LabStatefulSet.named(set).claim("data", "fast");
  }

  World world() {
    return world;
  }

  Recorder recorder() {
    return recorder;
  }

  KubernetesClient client() {
    return lab.client();
  }

  /** Adds the set and waits until all its pods are Ready. */
  Scene running(LabStatefulSet set) {
    world.add(set);
    for (int ordinal = 0; ordinal < set.replicas(); ordinal++) {
      world.awaitReady(set.name() + "-" + ordinal);
    }
    return this;
  }

  /** Starts a controller for this world; further settings override. */
  RefloatProcess controller(String... settings) {
    Map<String, String> environment =
        Environment.of(
            Map.of(
                "WATCHED_NAMESPACES",
                world.namespace(),
                "REFLOAT_LEADER_ELECTION",
                "false",
                // The nodes of all tests are one cluster; the brake has tests of its own.
                "REFLOAT_BRAKE",
                "100%"),
            settings);
    RefloatProcess controller =
        lab.installation()
            .controller(world.namespace() + "-" + (processes.size() + 1), environment);
    processes.add(controller);
    return controller;
  }

  /** A proxy for one controller, which signs in as itself. */
  FaultProxy proxy() {
    FaultProxy proxy =
        FaultProxy.before(
            lab.controlPlane().kubeconfigFor(Installation.NAMESPACE, "refloat-controller"));
    proxies.add(proxy);
    return proxy;
  }

  /** Starts a controller for this world that reaches the API server through {@code proxy}. */
  RefloatProcess controllerBehind(FaultProxy proxy, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of("KUBECONFIG", proxy.kubeconfig().toString()));
    return controller(all.toArray(String[]::new));
  }

  /** A proxy for one more controller, which must not take another one's work before that moment. */
  FaultProxy heldUpUntil(CountDownLatch moment) {
    FaultProxy proxy = proxy();
    var _ =
        proxy.always(
            Requests.get("statefulsets"), new Fault.LateRequest(() -> Latches.await(moment)));
    return proxy;
  }

  /** Changes a pod in a way that means nothing, so that whoever watches it looks at it. */
  void touch(String pod) {
    var _ =
        lab.client()
            .pods()
            .inNamespace(world.namespace())
            .withName(pod)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\":{\"annotations\":{\"lab.refloat.dev/touched\":\"%s\"}}}"
                    .formatted(UUID.randomUUID()));
  }

  /** The node of that pod is lost for good; returns its name within the world. */
  String loseNodeOf(String pod) {
    String node = world.nodeOf(pod).orElseThrow();
    world.nodeLost(node);
    return node;
  }

  String claimUid(String claim) {
    return world.claim(claim).orElseThrow().getMetadata().getUid();
  }

  /** The name in the cluster of the volume that a claim is bound to. */
  String volumeOf(String claim) {
    return world.volumeOf(claim).orElseThrow().getMetadata().getName();
  }

  /** What a recovery writes, beside Events. */
  Requests recoveryWrites() {
    return Requests.writes("persistentvolumes", "persistentvolumeclaims", "pods");
  }

  /** The Events that Refloat has written so far. */
  List<Event> events() {
    return recorder.events().all().stream()
        .map(Version::object)
        .filter(event -> "refloat.dev/controller".equals(event.getReportingComponent()))
        .toList();
  }

  /** Whether Refloat has written an Event of that reason. */
  boolean isTold(String reason) {
    return events().stream().anyMatch(event -> reason.equals(event.getReason()));
  }

  /**
   * Returns when Refloat has written all these Events.
   *
   * @param wanted reason and what it is about, such as {@code ClaimDeleted StatefulSet db}
   */
  void awaitTold(String... wanted) {
    Await.within(PATIENCE)
        .until(
            "Refloat to tell " + String.join(", ", wanted),
            () ->
                events().stream()
                    .map(
                        event ->
                            String.join(
                                " ",
                                event.getReason(),
                                event.getInvolvedObject().getKind(),
                                event.getInvolvedObject().getName()))
                    .toList(),
            told -> told.containsAll(List.of(wanted)));
  }

  /** The claim went once, and the one that took its place is there to stay. */
  void assertRefloatedOnce(String claim) {
    var _ = recorder.mark();
    assertThat(recorder.claims().uids(claim)).as("UIDs of " + claim).hasSize(2);
    assertThat(recorder.claims().of(claim).getLast().deleting())
        .as("the fresh " + claim + " is being deleted")
        .isFalse();
  }

  void assertUntouched(String claim) {
    var _ = recorder.mark();
    assertThat(recorder.claims().uids(claim)).as("UIDs of " + claim).hasSize(1);
    assertThat(recorder.claims().firstDeleting(claim)).isEmpty();
  }

  /** The volume holds the data still, and says whose. */
  void assertKept(String volume) {
    PersistentVolume kept = world.volumeInCluster(volume).orElseThrow();
    assertThat(kept.getSpec().getPersistentVolumeReclaimPolicy()).isEqualTo("Retain");
    assertThat(kept.getMetadata().getAnnotations())
        .containsKey("refloat.dev/kept")
        .containsEntry("refloat.dev/reclaim-policy-was", "Delete");
  }

  void assertNeverModified(String volume) {
    assertThat(recorder.volumes().of(volume))
        .isNotEmpty()
        .allSatisfy(
            version -> {
              assertThat(version.object().getSpec().getPersistentVolumeReclaimPolicy())
                  .isEqualTo("Delete");
              assertThat(version.object().getMetadata().getAnnotations().keySet())
                  .noneMatch(key -> key.startsWith("refloat.dev/"));
            });
  }

  /** The pod once it is Ready on another node than that one. */
  Pod awaitReadyElsewhere(String pod, String lostNode) {
    return awaitReadyElsewhere(pod, lostNode, PATIENCE);
  }

  Pod awaitReadyElsewhere(String pod, String lostNode, Duration patience) {
    return world.patience(patience).awaitReadyElsewhere(pod, lostNode);
  }

  /** Returns as soon as the claim, as it was when the recording began, has been deleted. */
  void awaitClaimDeleted(String claim) {
    new Await(PATIENCE, Duration.ofMillis(1))
        .until(
            "claim " + claim + " to be deleted",
            () -> recorder.claims().firstDeleting(claim).isPresent());
  }

  /** Returns when no pod is left that is one too many. */
  void scale(String set, int replicas) {
    var _ =
        lab.client()
            .apps()
            .statefulSets()
            .inNamespace(world.namespace())
            .withName(set)
            .scale(replicas);
    String surplus = set + "-" + replicas;
    Await.within(PATIENCE).until("pod " + surplus + " is gone", () -> world.pod(surplus).isEmpty());
  }

  /** Only this node takes new pods. */
  void onlyOn(String node) {
    NODES.stream().filter(other -> !other.equals(node)).forEach(world::cordon);
  }

  /** All nodes that are there take new pods. */
  void everywhere() {
    NODES.stream().filter(node -> world.node(node).isPresent()).forEach(world::uncordon);
  }

  /** Fills a node up with a pod that requests so much CPU. */
  void fill(String node, String cpu) {
    onlyOn(node);
    running(LabStatefulSet.named("filler").cpu(cpu));
    everywhere();
  }

  /** The first line about that pod which tells this verdict. */
  LogLine awaitReason(RefloatProcess controller, String pod, String reason) {
    return controller.awaitLine(
        "tells " + reason + " of " + pod,
        about(pod).and(line -> line.get("reason").filter(reason::equals).isPresent()),
        PATIENCE);
  }

  void awaitLookedAround(RefloatProcess controller) {
    controller.awaitLine(
        "has looked which nodes are alive",
        line -> line.message().equals("Looked which nodes are alive"),
        PATIENCE);
  }

  LogLine awaitMessage(RefloatProcess controller, String pod, String message) {
    return controller.awaitLine(
        "says \"" + message + "\" of " + pod,
        about(pod).and(line -> line.message().equals(message)),
        PATIENCE);
  }

  static List<String> messages(RefloatProcess controller) {
    return controller.log().stream().map(LogLine::message).toList();
  }

  /** What that process calls itself, in Events, in the Lease and about what it wrote. */
  static String instance(RefloatProcess process) {
    return process.log().getFirst().get("instance").orElseThrow();
  }

  static boolean leads(LogLine line) {
    return line.message().equals("Leading");
  }

  private static Predicate<LogLine> about(String pod) {
    return line -> line.get("pod").filter(pod::equals).isPresent();
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  @Override
  public void close() {
    processes.forEach(RefloatProcess::close);
    recorder.close();
    world.close();
    proxies.forEach(FaultProxy::close); // last, because one that has failed says so
  }
}
