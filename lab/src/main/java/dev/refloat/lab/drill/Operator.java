package dev.refloat.lab.drill;

import dev.refloat.kube.Facts;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.drill.run.Moment;
import dev.refloat.lab.drill.run.Narrator;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.lab.world.PodConditions;
import dev.refloat.storage.LocalStorage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refloat's judgement: pods that are Pending for other reasons, a pod that runs where it could not
 * start, one that is really stranded, and the same once more. All of them are decoys that the drill
 * makes and removes; nothing is done to the app but that they are made like it.
 *
 * @param patience the longest wait for one thing
 */
record Operator(Known known, Duration patience) implements Drill {

  /** So long decoys are watched, once all are Pending: twice what Refloat takes to see one. */
  private static final Duration WATCHED = NodeFailure.SEEN_WITHIN.multipliedBy(2);

  private static final Failure CORDON = new Failure.Cordon();
  private static final String LABEL = "drill.refloat.dev/decoy";
  private static final String PREFIX = "refloat-drill-";

  private static final Duration TO_BE_GONE = Duration.ofMinutes(2);

  /** The one that nothing is wrong with. */
  private static final String AFLOAT = PREFIX + "afloat";

  @Override
  public String name() {
    return "operator";
  }

  @Override
  public String summary(App app) {
    return "decoys like it, %d of them Pending for other reasons".formatted(Decoy.values().length);
  }

  @Override
  public List<String> plan(App app) {
    List<String> steps = new ArrayList<>();
    steps.add("ask what the service accounts of Refloat may do");
    steps.add(
        "make %d StatefulSets like %s, opted in for everything, and let them run"
            .formatted(Decoy.values().length + 1, app.name()));
    Arrays.stream(Decoy.values())
        .forEach(decoy -> steps.add("%s: %s".formatted(PREFIX + decoy.word(), decoy.words())));
    steps.add(
        "expect Refloat to leave all of these alone, and to say why within %s"
            .formatted(Narrator.seconds(NodeFailure.SEEN_WITHIN)));
    steps.add(
        "cordon the node of %s, and expect its pod not to be touched while it runs"
            .formatted(AFLOAT));
    steps.add("delete that pod, and expect it to be refloated");
    steps.add("do it again at once, and expect the loop guard to hold it");
    steps.add("remove all of that with its volumes, and uncordon the nodes");
    return List.copyOf(steps);
  }

  @Override
  public void refuseIfUnsafe(App app) {
    var _ = app.optedIn();
    Safe.isWell(app);
    Safe.hasClaims(app);
    Safe.hasShell(app);
    refuseIfVolumesWouldStay(app);
    refuseIfNotAdmitted(app);
    List<String> left =
        decoys(app).stream().map(set -> set.getMetadata().getName()).sorted().toList();
    if (!left.isEmpty()) {
      throw new DrillRefused(
          "there are decoys of a drill that was killed: %s. Remove them: kubectl delete statefulset,pvc -n %s -l %s"
              .formatted(String.join(", ", left), app.namespace(), LABEL));
    }
    Safe.hasSomewhereElse(app);
  }

  /** Volumes that nobody makes for a decoy are meant for others, and none would come back. */
  private static void refuseIfVolumesWouldStay(App app) {
    String name =
        app.set().getSpec().getVolumeClaimTemplates().getFirst().getSpec().getStorageClassName();
    StorageClass found =
        name == null ? null : app.client().storage().v1().storageClasses().withName(name).get();
    if (found == null
        || LocalStorage.isStatic(found.getProvisioner())
        || "Retain".equals(found.getReclaimPolicy())) {
      throw new DrillRefused(
          "the decoys would leave volumes behind: class %s of %s %s"
              .formatted(
                  name,
                  app.name(),
                  found == null
                      ? "is not there"
                      : "has provisioner %s and reclaim policy %s"
                          .formatted(found.getProvisioner(), found.getReclaimPolicy())));
    }
  }

  /** A quota or a policy of the namespace may have something against a decoy. */
  private static void refuseIfNotAdmitted(App app) {
    StatefulSet healthy = Decoy.like(app.set(), AFLOAT);
    for (StatefulSet each : List.of(healthy, Decoy.NO_CPU.spoil(healthy, ""))) {
      Pod pod =
          new PodBuilder()
              .withNewMetadata()
              .withName(AFLOAT)
              .withNamespace(app.namespace())
              .endMetadata()
              .withSpec(each.getSpec().getTemplate().getSpec())
              .editSpec()
              .addNewVolume()
              .withName(Decoy.VOLUME)
              .withNewEmptyDir()
              .endEmptyDir()
              .endVolume()
              .endSpec()
              .build();
      try {
        var _ = app.client().resource(pod).dryRun().create();
      } catch (KubernetesClientException e) {
        throw new DrillRefused(
            "namespace %s does not take a decoy's pod: %s"
                .formatted(app.namespace(), e.getMessage()));
      }
    }
  }

  private static List<StatefulSet> decoys(App app) {
    return app.client()
        .apps()
        .statefulSets()
        .inNamespace(app.namespace())
        .withLabel(LABEL)
        .list()
        .getItems();
  }

  /**
   * A decoy in the cluster.
   *
   * @param told what Refloat says of it, from before it was there
   */
  private record Planted(Decoy decoy, App app, Told told) {

    static Planted in(App like, Decoy decoy) {
      App app = new App(like.client(), like.namespace(), PREFIX + decoy.word());
      return new Planted(decoy, app, Told.fromNowOn(app, app.podNameOf(0)));
    }
  }

  @Override
  public void play(App app, Script script) {
    script.phase("Rights");
    new Rights(app.client(), app.namespace()).check(script);

    Surroundings surroundings = Surroundings.of(app);
    Map<String, String> claims = app.claimUids();
    String uid = app.pod().map(App::uid).orElse("gone");

    script.phase("Decoys");
    App afloat = new App(app.client(), app.namespace(), AFLOAT);
    List<Planted> decoys =
        Arrays.stream(Decoy.values()).map(decoy -> Planted.in(app, decoy)).toList();
    List<App> all = Stream.concat(Stream.of(afloat), decoys.stream().map(Planted::app)).toList();
    String run = UUID.randomUUID().toString();
    script.change(
        "the decoys are gone, with their claims and volumes",
        "kubectl delete statefulset,pvc -n %s -l %s".formatted(app.namespace(), LABEL),
        () -> remove(app, run),
        () -> make(app, afloat, decoys, run));
    awaitReady(
        all.stream()
            .filter(
                each ->
                    decoys.stream()
                        .noneMatch(one -> one.app().equals(each) && one.decoy().isBornWrong()))
            .toList(),
        script);

    otherReasons(decoys, script);
    runningPod(afloat, script);
    strandedPod(afloat, script);

    script.phase("Nothing else was touched");
    surroundings.checkUntouched(app, script);
    script.same(app.podName() + " is the same", uid, app.pod().map(App::uid).orElse("gone"));
    script.same("its claims are the same", claims, app.claimUids());
  }

  private void awaitReady(List<App> healthy, Script script) {
    script.await(
        healthy.size() + " decoys run",
        "Ready",
        patience,
        () ->
            healthy.stream()
                .filter(one -> one.pod().filter(PodConditions::isReady).isEmpty())
                .toList(),
        List::isEmpty,
        ill ->
            ill.isEmpty()
                ? "all Ready"
                : ill.getFirst().podName() + ": " + PodWords.of(ill.getFirst().pod()));
  }

  private static void make(App like, App afloat, List<Planted> decoys, String run) {
    StatefulSet set = like.set();
    create(like.client(), Decoy.like(set, afloat.name()), run);
    for (Planted each : decoys) {
      StatefulSet healthy = Decoy.like(set, each.app().name());
      create(
          like.client(),
          each.decoy().isBornWrong() ? each.decoy().spoil(healthy, "") : healthy,
          run);
    }
  }

  private static void create(KubernetesClient client, StatefulSet set, String run) {
    set.getMetadata().setLabels(Map.of(LABEL, run));
    set.getSpec()
        .getVolumeClaimTemplates()
        .forEach(claim -> claim.getMetadata().setLabels(Map.of(LABEL, run)));
    var _ = client.resource(set).create();
  }

  /** Removes what this run has made, and waits until its volumes are gone as well. */
  private static void remove(App app, String run) {
    KubernetesClient client = app.client();
    var claims = client.persistentVolumeClaims().inNamespace(app.namespace()).withLabel(LABEL, run);
    Set<String> volumes =
        claims.list().getItems().stream()
            .flatMap(claim -> Optional.ofNullable(claim.getSpec().getVolumeName()).stream())
            .collect(Collectors.toUnmodifiableSet());
    var sets = client.apps().statefulSets().inNamespace(app.namespace()).withLabel(LABEL, run);
    sets.list().getItems().forEach(set -> client.resource(set).delete());
    var _ =
        Await.within(TO_BE_GONE)
            .until(
                "pods, claims and volumes of the decoys are gone",
                () -> {
                  // The set's controller may not have come to owning the last of them.
                  claims.list().getItems().forEach(claim -> client.resource(claim).delete());
                  return remains(app, claims.list().getItems(), volumes);
                },
                List::isEmpty);
  }

  private static List<String> remains(
      App app, List<PersistentVolumeClaim> claims, Set<String> volumes) {
    List<String> remains = new ArrayList<>();
    decoys(app).forEach(set -> remains.add("set " + set.getMetadata().getName()));
    claims.forEach(claim -> remains.add("claim " + claim.getMetadata().getName()));
    volumes.stream()
        .filter(volume -> app.volume(volume).isPresent())
        .forEach(volume -> remains.add("volume " + volume));
    return remains;
  }

  /** What is Pending for other reasons is left alone, and Refloat says why. */
  private void otherReasons(List<Planted> decoys, Script script) {
    script.phase("Pending for other reasons");
    decoys.stream().filter(each -> !each.decoy().isBornWrong()).forEach(Operator::spoil);
    Map<App, String> before = new HashMap<>();
    for (Planted each : decoys) {
      before.put(each.app(), awaitPending(each, script));
      each.decoy().reason().ifPresent(reason -> expectWords(each, reason, script));
    }
    var _ =
        script.stays(
            "detection accuracy",
            accuracy(decoys.size(), List.of()),
            WATCHED,
            () ->
                accuracy(
                    decoys.size(),
                    before.entrySet().stream()
                        .filter(entry -> !entry.getValue().equals(state(entry.getKey())))
                        .map(entry -> entry.getKey().name())
                        .sorted()
                        .toList()));
  }

  /** Returns its state when it is Pending for its reason. */
  private String awaitPending(Planted each, Script script) {
    App app = each.app();
    var _ =
        script.await(
            "%s is Pending: %s".formatted(app.podName(), each.decoy().words()),
            each.decoy().hasNode() ? "Pending on a node" : "Pending without a node",
            patience,
            app::pod,
            pod -> pod.filter(one -> isPending(each.decoy(), one)).isPresent(),
            PodWords::of);
    return state(app);
  }

  private static String state(App app) {
    return app.pod().map(App::uid).orElse("no pod") + app.claimUids();
  }

  private static String accuracy(int decoys, List<String> touched) {
    int good = decoys - touched.size();
    return "%d of %d left alone (%d %%)%s"
        .formatted(
            good,
            decoys,
            100 * good / decoys,
            touched.isEmpty() ? "" : "; touched: " + String.join(", ", touched));
  }

  private static void expectWords(Planted each, String reason, Script script) {
    var _ =
        script.awaitIfComes(
            "Refloat says why it leaves it alone",
            "an Event with reason " + reason,
            NodeFailure.SEEN_WITHIN,
            each.told()::events,
            events -> Told.has(events, reason),
            events -> Told.words(events, reason));
  }

  private static void spoil(Planted each) {
    App app = each.app();
    String home =
        app.pod()
            .map(pod -> app.client().nodes().withName(pod.getSpec().getNodeName()).get())
            .map(node -> Facts.node(node).hostname())
            .orElse("");
    Writes.edit(
        app.client().apps().statefulSets().inNamespace(app.namespace()).withName(app.name()),
        set -> each.decoy().spoil(set, home));
  }

  private static boolean isPending(Decoy decoy, Pod pod) {
    boolean pending =
        "Pending".equals(pod.getStatus().getPhase())
            && pod.getMetadata().getDeletionTimestamp() == null;
    return decoy.hasNode()
        ? pending
            && pod.getStatus().getContainerStatuses().stream()
                .anyMatch(
                    container ->
                        container.getState().getWaiting() != null
                            && String.valueOf(container.getState().getWaiting().getReason())
                                .contains("Image"))
        : pending && pod.getSpec().getNodeName() == null && Facts.refused(pod);
  }

  /** What runs is not touched, even where it could not start again. */
  private static void runningPod(App afloat, Script script) {
    Pod running = afloat.pod().orElseThrow();
    script.phase("A pod that runs");
    CORDON.strike(afloat.client(), running.getSpec().getNodeName(), script);
    String before = state(afloat);
    var _ =
        script.stays(
            "%s runs on, on a cordoned node".formatted(afloat.podName()),
            "the same pod and claim",
            NodeFailure.SEEN_WITHIN,
            () -> state(afloat).equals(before) ? "the same pod and claim" : state(afloat));
  }

  /** Silence could be deafness: what is really stranded is refloated, and not twice at once. */
  private void strandedPod(App afloat, Script script) {
    Pod running = afloat.pod().orElseThrow();
    int nodes = Elsewhere.nodesFor(afloat, running).size();
    script.phase("A pod that is stranded");
    script.act(() -> afloat.deleteByForce(running));
    var _ = script.mark(Moment.AWAY);
    Pod back =
        script
            .await(
                afloat.podName() + " is refloated",
                "Ready on another node than " + running.getSpec().getNodeName(),
                NodeFailure.BACK_WITHIN,
                afloat::pod,
                pod ->
                    pod.filter(PodConditions::isReady)
                        .filter(one -> !App.uid(one).equals(App.uid(running)))
                        .isPresent(),
                PodWords::of)
            .orElseThrow();
    script.mark(Moment.BACK);

    script.phase("Cooldown");
    if (new LoopGuard(known).isOff()) {
      script.note("the loop guard is off (REFLOAT_COOLDOWN=0s), and not tried");
    } else if (nodes + 1 < LoopGuard.NODES_TO_TRY_IT) {
      script.note("the loop guard is not tried: it takes a third node");
    } else {
      LoopGuard.expectToHold(afloat, back, CORDON, patience, script);
    }
  }
}
