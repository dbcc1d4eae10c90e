package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.LabVolume;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One case's place in a {@link Harbour}: a set called like the case, and nodes that only its pods
 * run on. {@code home} is there first, {@code refuge} comes when the pods run.
 */
record Berth(Harbour harbour, String name) {

  /** On a claim that a recovery made: which one of its pod it was. */
  static final String ATTEMPT = "refloat.dev/attempt";

  private static final String LABEL = "refloat.lab/berth";
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  // Names

  String home() {
    return name + "-home";
  }

  String refuge() {
    return name + "-refuge";
  }

  String pod() {
    return name + "-0";
  }

  String claim() {
    return "data-" + pod();
  }

  World world() {
    return harbour.scene().world();
  }

  KubernetesClient client() {
    return harbour.scene().client();
  }

  String inCluster(String nodeOrVolume) {
    return world().names().clusterWide(nodeOrVolume);
  }

  /** Whether the cluster is of Kubernetes 1.{@code minor} or newer. */
  boolean isKubernetesSince(int minor) {
    String version = client().getKubernetesVersion().getGitVersion();
    return Integer.parseInt(version.split("\\.", 3)[1]) >= minor;
  }

  // What there is to be

  /** A node that only this case's pods run on. */
  LabNode node(String nodeName) {
    return LabNode.named(nodeName).label(LABEL, name);
  }

  /** A set on a local volume that has opted in for a gone node, with a short grace. */
  LabStatefulSet set() {
    return set(name);
  }

  /** One more set of the same case. */
  LabStatefulSet set(String setName) {
    return here(Scene.optedIn(setName));
  }

  /** The set on claims of the class that is called like the case. */
  LabStatefulSet setOfOwnClass(String... claims) {
    LabStatefulSet set = Scene.optIn(LabStatefulSet.named(name));
    for (String claim : claims) {
      set = set.claim(claim, name);
    }
    return here(set);
  }

  /** The set, with pods that run on this case's nodes only. */
  LabStatefulSet here(LabStatefulSet set) {
    return set.nodeSelector(LABEL, name);
  }

  Berth addHome() {
    world().add(node(home()));
    return this;
  }

  Berth addRefuge() {
    world().add(node(refuge()));
    return this;
  }

  /** The set runs at home, and has a refuge. */
  Berth running(LabStatefulSet... sets) {
    addHome();
    for (LabStatefulSet set : sets) {
      harbour.scene().running(set);
    }
    return addRefuge();
  }

  /** A class of volumes made by hand, for this case alone; it is called like the case. */
  Berth volumesByHand(LabVolume... volumes) {
    world().add(new LabStorageClass.Static(name)).add(volumes);
    return this;
  }

  /** A disk of that node, for this case's class. */
  LabVolume disk(String volume, String nodeName) {
    return volume(new LabVolume.Source.Local(), volume)
        .onlyWhere("kubernetes.io/hostname", inCluster(nodeName));
  }

  LabVolume volume(LabVolume.Source source, String volume) {
    return LabVolume.of(source, name + "-" + volume, name);
  }

  // What happens

  void loseHome() {
    world().nodeLost(home());
  }

  void edit(UnaryOperator<StatefulSet> change) {
    client()
        .apps()
        .statefulSets()
        .inNamespace(world().namespace())
        .withName(name)
        .edit(change::apply);
  }

  Resource<PersistentVolumeClaim> claimResource(String claim) {
    return client().persistentVolumeClaims().inNamespace(world().namespace()).withName(claim);
  }

  Resource<PersistentVolume> volumeResource(String claim) {
    String volume = world().volumeOf(claim).orElseThrow().getMetadata().getName();
    return client().persistentVolumes().withName(volume);
  }

  void finalizers(String claim, String... finalizers) {
    claimResource(claim)
        .edit(
            found ->
                new PersistentVolumeClaimBuilder(found)
                    .editMetadata()
                    .withFinalizers(finalizers)
                    .endMetadata()
                    .build());
  }

  /**
   * Takes the number of its attempt off a claim, as the words of {@code Cooldown} tell a person.
   */
  void clearLoopGuard(String claim) {
    claimResource(claim)
        .edit(
            found ->
                new PersistentVolumeClaimBuilder(found)
                    .editMetadata()
                    .removeFromAnnotations(ATTEMPT)
                    .endMetadata()
                    .build());
  }

  // What is seen

  LogLine awaitReason(String reason) {
    return awaitReason(pod(), reason);
  }

  LogLine awaitReason(String pod, String reason) {
    return await(
        "tells " + reason + " of " + pod, about(pod).and(line -> is(line, "reason", reason)));
  }

  /** The next line about the pod, after that one, that tells this verdict. */
  LogLine awaitReasonAfter(LogLine before, String reason) {
    return awaitReasonAfter(before, pod(), reason);
  }

  LogLine awaitReasonAfter(LogLine before, String pod, String reason) {
    Predicate<LogLine> wanted = about(pod).and(line -> is(line, "reason", reason));
    return Await.within(PATIENCE)
        .until(
            "the controller tells " + reason + " of " + pod + " after " + before,
            () ->
                log().stream()
                    .dropWhile(line -> !line.equals(before))
                    .skip(1)
                    .filter(wanted)
                    .findFirst(),
            line -> line.isPresent(),
            _ -> "all it said of it: " + log().stream().filter(about(pod)).toList())
        .orElseThrow();
  }

  /**
   * What happens from now on has another time in the words: they show whole seconds, as the times
   * in the API do, and a whole node may come and go within one.
   */
  static void awaitNextSecondAfter(LogLine line) {
    Instant written = Instant.parse(line.get("time").orElseThrow());
    Instant next = written.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    Await.seconds(5).until("the clock shows " + next, () -> !Instant.now().isBefore(next));
  }

  LogLine awaitMessage(String pod, String message) {
    return await(
        "says \"" + message + "\" of " + pod,
        about(pod).and(line -> line.message().equals(message)));
  }

  private LogLine await(String what, Predicate<LogLine> wanted) {
    return harbour.controller().awaitLine(what, wanted, PATIENCE);
  }

  private List<LogLine> log() {
    return harbour.controller().log();
  }

  /** The messages about a pod so far. */
  List<String> messages(String pod) {
    return log().stream().filter(about(pod)).map(LogLine::message).toList();
  }

  private static Predicate<LogLine> about(String pod) {
    return line -> is(line, "pod", pod);
  }

  private static boolean is(LogLine line, String key, String value) {
    return line.get(key).filter(value::equals).isPresent();
  }

  /** Why, in the words of the log. */
  static String why(LogLine line) {
    return line.get("why").orElseThrow();
  }

  /** The pod runs on the refuge, with a claim made anew exactly once. */
  void isRefloated() {
    isRefloated(pod(), claim());
  }

  void isRefloated(String pod, String claim) {
    isRefloatedTo(refuge(), pod, claim);
  }

  void isRefloatedTo(String node) {
    isRefloatedTo(node, pod(), claim());
  }

  private void isRefloatedTo(String node, String pod, String claim) {
    awaitMessage(pod, "Cleanup completed");
    assertThat(world().awaitReady(pod).getSpec().getNodeName()).isEqualTo(inCluster(node));
    assertThat(harbour.scene().recorder().claims().uids(claim)).hasSize(2);
  }

  /** The pod runs at home again, with the claim that it always had. */
  void isHomeAgain() {
    assertThat(world().awaitReady(pod()).getSpec().getNodeName()).isEqualTo(inCluster(home()));
    leavesAlone();
  }

  /** The claim is what it was, and stays so until the harbour closes. */
  void leavesAlone() {
    harbour.leavesAlone(claim());
  }

  Map<String, String> selector() {
    return Map.of(LABEL, name);
  }
}
