package dev.refloat.lab.demo;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Change;
import dev.refloat.lab.recorder.Recorder;
import dev.refloat.lab.recorder.Version;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.PodConditions;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The story: a node is lost without Refloat, then with it, then a pod waits for another reason.
 *
 * <p>Every time on the timeline is when the lab's recorder saw the API server's object change, and
 * every claim at the end is asked of the API server. Of the processes' own logs only the first line
 * about a pod is used, to say how fast it was.
 */
final class Story implements Play {

  /**
   * The pod whose node is lost in both chapters: no other node is registered anew, so that in the
   * last chapter each is the one that its volumes were made on.
   */
  private static final String VICTIM = "db-1";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration WITHOUT = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");
  private static final List<String> APPS = List.of("app-alpha", "app-beta", "app-gamma");
  private static final String CLASS = "local-storage";
  private static final String LABEL = "refloat.dev/local-storage";

  private final KubernetesClient client;
  private final Installation installation;
  private final World world;
  private final Recorder recorder;
  private final Teller teller;

  Story(Stage stage) {
    this.client = stage.client();
    this.installation = stage.installation();
    this.world = stage.world();
    this.recorder = stage.recorder();
    this.teller = stage.teller();
  }

  @Override
  public List<String> toTry() {
    return List.of(
        "k describe statefulset db",
        "k delete node node-4; k delete pod NAME --grace-period=0 --force");
  }

  @Override
  public List<String> perform() {
    setTheScene();
    withoutRefloat();
    RefloatProcess controller = startRefloat();
    Map<String, String> claimsBefore = claimUids();
    Lost lost = withRefloat(controller);
    declines(controller, lost);
    return claims(claimsBefore, lost);
  }

  /** A node that was lost, the pods that it had, and the volumes of their claims. */
  private record Lost(String node, List<String> pods, Map<String, String> volumes) {}

  private void setTheScene() {
    teller.chapter("The scene");
    world.add(NODES.stream().map(LabNode::named).toArray(LabNode[]::new));
    world.add(new LabStorageClass.Dynamic(CLASS, ReclaimPolicy.DELETE));
    for (String app : APPS) {
      // So much CPU that one node cannot have all three: one is left for the last chapter.
      world.add(optedIn(app).cpu("1500m"));
    }
    world.add(optedIn("db").replicas(3).cpu("500m"));
    for (String pod : List.of("app-alpha-0", "app-beta-0", "app-gamma-0", "db-0", "db-1", "db-2")) {
      world.awaitReady(pod);
    }
    teller.at(
        now(),
        "Namespace localstorage-poc: app-alpha, app-beta and app-gamma with one replica each, and db with three, all on local volumes"
            + " whose class has reclaim policy Delete. Their templates say refloat.dev/recover: \"true\".");
    showWhere();
  }

  private static LabStatefulSet optedIn(String name) {
    return LabStatefulSet.named(name)
        .claim("data", CLASS)
        .annotation("refloat.dev/recover", "true");
  }

  private void showWhere() {
    Map<String, List<String>> byNode = new TreeMap<>();
    for (Pod pod : pods()) {
      byNode
          .computeIfAbsent(String.valueOf(pod.getSpec().getNodeName()), _ -> new ArrayList<>())
          .add(pod.getMetadata().getName());
    }
    byNode.forEach((node, pods) -> teller.note(node + ": " + String.join(", ", pods)));
  }

  private void withoutRefloat() {
    teller.chapter("Without Refloat");
    String node = world.nodeOf(VICTIM).orElseThrow();
    List<String> pods = podsOn(node);
    world.nodeLost(node);
    teller.at(
        now(), node + " is lost: its Node object is gone, with " + String.join(", ", pods) + ".");
    Pod pod = world.awaitUnschedulable(VICTIM);
    teller.at(now(), VICTIM + " was made again and stays Pending. The scheduler says:");
    teller.note(
        PodConditions.of(pod, "PodScheduled").map(PodCondition::getMessage).orElse("nothing"));
    boolean waits =
        Await.within(WITHOUT.plus(PATIENCE))
            .until("some time to pass", () -> elapsed(pod, WITHOUT), passed -> passed);
    boolean pending = waits && world.nodeOf(VICTIM).isEmpty();
    teller.at(
        now(),
        pending
            ? "Nothing has changed, and nothing would: its claim is bound to a volume on "
                + node
                + "."
            : "Unexpectedly, it has found a node by itself.");
    world.nodeReturns(node);
    pods.forEach(world::awaitReady);
    teller.at(now(), node + " is brought back by hand, with its disk: they run again.");
  }

  private boolean elapsed(Pod pod, Duration time) {
    return Instant.parse(pod.getMetadata().getCreationTimestamp()).plus(time).isBefore(now());
  }

  private RefloatProcess startRefloat() {
    teller.chapter("With Refloat");
    installation.webhook("refloat-webhook", Map.of());
    RefloatProcess controller =
        installation.controller(
            "refloat-controller", Map.of("WATCHED_NAMESPACES", world.namespace()));
    teller.at(
        now(), "Webhook and controller run, each with the rights of its own service account.");
    // Pods are labelled when they are admitted, so those that were there before are restarted.
    var _ = client.pods().inNamespace(world.namespace()).delete();
    for (String pod : List.of("app-alpha-0", "app-beta-0", "app-gamma-0", "db-0", "db-1", "db-2")) {
      Await.within(PATIENCE)
          .until(
              pod + " to be labelled and Ready",
              () -> world.pod(pod),
              found -> found.filter(PodConditions::isReady).filter(Story::isLabelled).isPresent());
    }
    teller.at(
        now(), "All pods were restarted, and the webhook has labelled them: " + LABEL + "=true.");
    return controller;
  }

  private Lost withRefloat(RefloatProcess controller) {
    String node = world.nodeOf(VICTIM).orElseThrow();
    List<String> pods = podsOn(node);
    Map<String, String> volumes = new TreeMap<>();
    pods.forEach(
        pod ->
            volumes.put(
                claimOf(pod), world.volumeOf(claimOf(pod)).orElseThrow().getMetadata().getName()));
    world.nodeLost(node);
    Version<?> gone =
        recorder.nodes().of(node).stream()
            .filter(version -> version.change() == Change.DELETED)
            .toList()
            .getLast();
    teller.at(gone.receivedAt(), node + " is lost, with " + String.join(", ", pods) + ".");
    controller.awaitLine("has seen it", line -> firstWordsOf(VICTIM, line), PATIENCE);
    teller.at(
        now(),
        "Refloat has seen it, and waits " + GRACE.toSeconds() + " s in case the node comes back.");
    for (String pod : pods) {
      var _ = world.patience(PATIENCE).awaitReadyElsewhere(pod, node);
    }
    for (String pod : pods) {
      controller.awaitLine(
          "has completed the recovery of " + pod,
          line ->
              line.message().equals("Cleanup completed")
                  && line.get("pod").filter(pod::equals).isPresent(),
          PATIENCE);
    }
    var _ = recorder.mark();
    pods.forEach(pod -> tell(pod, gone, volumes.getOrDefault(claimOf(pod), ""), controller));
    return new Lost(node, pods, volumes);
  }

  /** The timeline of one recovery, from what the recorder saw. */
  private void tell(String pod, Version<?> lost, String volume, RefloatProcess controller) {
    Version<Pod> stranded =
        firstAfter(recorder.pods().of(pod), lost, PodConditions::isUnschedulable);
    LogLine seen =
        controller.log().stream().filter(line -> firstWordsOf(pod, line)).findFirst().orElseThrow();
    Instant seenAt = Instant.parse(seen.get("time").orElseThrow());
    Version<PersistentVolume> kept =
        firstAfter(
            recorder.volumes().of(volume),
            lost,
            found -> "Retain".equals(found.getSpec().getPersistentVolumeReclaimPolicy()));
    Version<PersistentVolumeClaim> deleted =
        recorder.claims().of(claimOf(pod)).stream()
            .filter(version -> lost.isBefore(version) && version.deleting())
            .findFirst()
            .orElseThrow();
    Version<Pod> bound =
        firstAfter(
            recorder.pods().of(pod), deleted, found -> found.getSpec().getNodeName() != null);
    teller.raw("");
    teller.at(stranded.receivedAt(), pod + " is stranded: the scheduler finds no node for it.");
    teller.at(seenAt, "Refloat says: " + seen.get("why").orElse(""));
    teller.at(
        kept.receivedAt(), "volume " + volume + " is set to Retain: its data stays on the disk.");
    teller.at(
        deleted.receivedAt(),
        "claim " + claimOf(pod) + " is deleted; the StatefulSet makes a new one.");
    teller.at(
        bound.receivedAt(), pod + " is bound to " + bound.object().getSpec().getNodeName() + ".");
    teller.note(
        "seen after %s, grace %d s, grace over until bound %s, in total %s"
            .formatted(
                seconds(stranded.receivedAt(), seenAt),
                GRACE.toSeconds(),
                seconds(seenAt.plus(GRACE), bound.receivedAt()),
                seconds(stranded.receivedAt(), bound.receivedAt())));
  }

  private static boolean firstWordsOf(String pod, LogLine line) {
    return line.get("pod").filter(pod::equals).isPresent()
        && line.get("reason").filter("GracePeriod"::equals).isPresent();
  }

  private void declines(RefloatProcess controller, Lost lost) {
    teller.chapter("And when the node is merely full");
    String app =
        APPS.stream().filter(each -> !lost.pods().contains(each + "-0")).findFirst().orElseThrow();
    String pod = app + "-0";
    String node = world.nodeOf(pod).orElseThrow();
    scale(app, 0);
    Await.within(PATIENCE).until(pod + " is gone", () -> world.pod(pod).isEmpty());
    String free = freeCpu(node);
    fill(node, free);
    teller.at(
        now(),
        app + " is scaled to 0 and " + node + " is filled up by another pod (" + free + " CPU).");
    scale(app, 1);
    Pod waiting = world.awaitUnschedulable(pod);
    teller.at(now(), app + " is scaled back and " + pod + " stays Pending. The scheduler says:");
    teller.note(
        PodConditions.of(waiting, "PodScheduled").map(PodCondition::getMessage).orElse("nothing"));
    LogLine line =
        controller.awaitLine(
            "declines " + pod,
            each ->
                each.get("pod").filter(pod::equals).isPresent()
                    && each.get("reason").filter("PinnedNodeHealthy"::equals).isPresent(),
            PATIENCE);
    teller.at(now(), "Refloat says: " + line.get("why").orElse(""));
  }

  private List<String> claims(Map<String, String> before, Lost lost) {
    teller.chapter("What the API server says now");
    Claims claims = new Claims(teller);
    Map<String, String> after = claimUids();
    for (String pod : lost.pods()) {
      String claim = claimOf(pod);
      claims.check(
          pod + " is Ready on another node, on a new claim",
          () ->
              world
                      .pod(pod)
                      .filter(PodConditions::isReady)
                      .filter(found -> !lost.node().equals(found.getSpec().getNodeName()))
                      .isPresent()
                  && after.containsKey(claim)
                  && !after.get(claim).equals(before.get(claim)));
      claims.check(
          "its claim was made anew exactly once", () -> recorder.claims().uids(claim).size() == 2);
      claims.check(
          "its old volume " + lost.volumes().get(claim) + " is kept, and says whose it was",
          () ->
              world
                  .volumeInCluster(lost.volumes().getOrDefault(claim, ""))
                  .filter(
                      volume ->
                          "Retain".equals(volume.getSpec().getPersistentVolumeReclaimPolicy()))
                  .filter(
                      volume ->
                          volume.getMetadata().getAnnotations().containsKey("refloat.dev/kept"))
                  .isPresent());
    }
    List<String> others =
        before.keySet().stream().filter(claim -> !lost.volumes().containsKey(claim)).toList();
    claims.check(
        "no other claim was touched (" + String.join(", ", others) + ")",
        () ->
            others.stream().allMatch(claim -> Objects.equals(before.get(claim), after.get(claim))));
    return claims.broken();
  }

  private void scale(String set, int replicas) {
    var _ =
        client.apps().statefulSets().inNamespace(world.namespace()).withName(set).scale(replicas);
  }

  private void fill(String node, String cpu) {
    List<String> others =
        NODES.stream()
            .filter(other -> !other.equals(node) && world.node(other).isPresent())
            .toList();
    others.forEach(world::cordon);
    world.add(LabStatefulSet.named("filler").cpu(cpu));
    world.awaitReady("filler-0");
    others.forEach(world::uncordon);
  }

  /** What the pods of a node leave of its four CPUs, in thousandths. */
  private String freeCpu(String node) {
    double used =
        pods().stream()
            .filter(pod -> node.equals(pod.getSpec().getNodeName()))
            .flatMap(pod -> pod.getSpec().getContainers().stream())
            .flatMap(
                container ->
                    Optional.ofNullable(container.getResources().getRequests().get("cpu")).stream())
            .mapToDouble(cpu -> cpu.getNumericalAmount().doubleValue())
            .sum();
    return Math.round((4 - used) * 1000) + "m";
  }

  private List<String> podsOn(String node) {
    return pods().stream()
        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .toList();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace(world.namespace()).list().getItems();
  }

  private Map<String, String> claimUids() {
    Map<String, String> uids = new TreeMap<>();
    client
        .persistentVolumeClaims()
        .inNamespace(world.namespace())
        .list()
        .getItems()
        .forEach(claim -> uids.put(claim.getMetadata().getName(), claim.getMetadata().getUid()));
    return uids;
  }

  private static <T extends io.fabric8.kubernetes.api.model.HasMetadata> Version<T> firstAfter(
      List<Version<T>> versions, Version<?> earlier, Predicate<T> is) {
    return versions.stream()
        .filter(version -> earlier.isBefore(version) && is.test(version.object()))
        .findFirst()
        .orElseThrow();
  }

  private static String claimOf(String pod) {
    return "data-" + pod;
  }

  private static boolean isLabelled(Pod pod) {
    return "true".equals(pod.getMetadata().getLabels().get(LABEL));
  }

  private static String seconds(Instant from, Instant to) {
    return String.format(Locale.ROOT, "%.1f s", Duration.between(from, to).toMillis() / 1000.0);
  }

  private static Instant now() {
    return Instant.now();
  }
}
