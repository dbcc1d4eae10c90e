package dev.refloat.lab.drill;

import dev.refloat.kube.Facts;
import dev.refloat.lab.drill.run.Moment;
import dev.refloat.lab.drill.run.Narrator;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.lab.world.PodConditions;
import dev.refloat.optin.Data;
import dev.refloat.optin.LostState;
import dev.refloat.optin.Names;
import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReading;
import dev.refloat.settings.Durations;
import dev.refloat.storage.Locality;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The node of an app's pod fails: Refloat sees it, waits its grace, and gets the pod afloat
 * elsewhere, touches nothing else, and does not do it again at once.
 *
 * @param patience the longest wait for one thing
 * @param harmIsMeant whether a person has said that data may be lost, or others may feel it
 */
record NodeFailure(Failure failure, Known known, Duration patience, boolean harmIsMeant)
    implements Drill {

  /** MISSION's promises: seen within 5 s, back within 30 s after the grace. */
  static final Duration SEEN_WITHIN = Duration.ofSeconds(5);

  static final Duration BACK_WITHIN = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "node-failure";
  }

  @Override
  public String summary(App app) {
    return "its node %s, and its pod is deleted by force".formatted(failure.words());
  }

  @Override
  public List<String> plan(App app) {
    String node =
        app.pod().map(pod -> pod.getSpec().getNodeName()).orElse("the node of " + app.podName());
    return List.of(
        "%s starts on an EMPTY volume afterwards: the old one is %s"
            .formatted(app.podName(), whatBecomesOfTheData(app)),
        "write %d files with checksums into %s".formatted(DataFiles.count(), app.podName()),
        "%s %s; delete %s without grace, and expect it to be stranded"
            .formatted(node, failure.words(), app.podName()),
        "expect Refloat to say so within %s, to wait its grace, and to get it afloat on another node"
            .formatted(Narrator.seconds(SEEN_WITHIN)),
        "expect no other pod and no other claim to be touched",
        failure.isFeltByOthers()
            ? "other pods on %s feel it as well".formatted(node)
            : "let the next node fail at once, and expect the loop guard to hold the pod",
        "undo what was done to nodes, and expect %s to be well".formatted(app.name()));
  }

  private static String whatBecomesOfTheData(App app) {
    return switch (app.optIn()) {
      case OptInReading.Yes(OptIn optIn) when optIn.data() == Data.DISCARD ->
          "given up to its reclaim policy (refloat.dev/data: discard)";
      case OptInReading.Yes(_) -> "kept (Retain), and can be given back by hand";
      case OptInReading.No(), OptInReading.Malformed(_) -> "not touched: it has not opted in";
    };
  }

  @Override
  public void refuseIfUnsafe(App app) {
    Safe.hasData(app);
    Safe.isWell(app);
    OptIn optIn = app.optedIn();
    if (!optIn.states().contains(failure.state())) {
      throw new DrillRefused(
          "%s has opted in for %s, and a node that %s is %s: Refloat would leave it alone, and the pod would stay Pending. Choose another way to fail, or add %s to %s in its pod template"
              .formatted(
                  app.name(),
                  optIn.states().stream().map(LostState::word).collect(Collectors.joining(", ")),
                  failure.words(),
                  failure.state().word(),
                  failure.state().word(),
                  Names.RECOVER));
    }
    if (grace(optIn).plus(BACK_WITHIN).compareTo(patience) > 0) {
      throw new DrillRefused(
          "the grace of %s is %s (%s), which --timeout %s does not wait for"
              .formatted(
                  app.name(),
                  Durations.print(grace(optIn)),
                  optIn.after().isPresent() ? Names.AFTER : known.source(),
                  Durations.print(patience)));
    }
    if (localClaims(app).isEmpty()) {
      throw new DrillRefused(
          "%s has no claim on a volume that is local to one node: it does not lose it with its node"
              .formatted(app.podName()));
    }
    Safe.hasSomewhereElse(app);
    failure.refuseIfHarmful(app.client(), home(app));
    if (!harmIsMeant) {
      refuseIfDataIsLost(app, optIn);
      refuseIfOthersLoseTheirs(app);
    }
    new LoopGuard(known).refuseIfHolding(app, Instant.now());
  }

  @Override
  public void refuseIfTooOften(List<App> runs) {
    new LoopGuard(known).refuseIfMet(runs);
  }

  private static String home(App app) {
    return app.pod()
        .map(pod -> pod.getSpec().getNodeName())
        .orElseThrow(() -> new DrillRefused(app.podName() + " is gone"));
  }

  private void refuseIfDataIsLost(App app, OptIn optIn) {
    List<String> wiped =
        localClaims(app).stream()
            .map(claim -> app.claim(claim).orElseThrow().getSpec().getVolumeName())
            .flatMap(volume -> app.volume(volume).stream())
            .filter(volume -> !"Retain".equals(volume.getSpec().getPersistentVolumeReclaimPolicy()))
            .map(volume -> volume.getMetadata().getName())
            .sorted()
            .toList();
    if (optIn.data() == Data.DISCARD && !wiped.isEmpty()) {
      throw new DrillRefused(
          "%s says %s: discard, and its volume %s is wiped by its reclaim policy: the drill would destroy its data. Say --yes if that is meant"
              .formatted(app.name(), Names.DATA, String.join(", ", wiped)));
    }
  }

  /** What else Refloat would give up on that node. */
  private void refuseIfOthersLoseTheirs(App app) {
    String home = home(app);
    List<String> others =
        !failure.isFeltByOthers()
            ? List.of()
            : app
                .client()
                .pods()
                .inAnyNamespace()
                .withLabel(Names.LOCAL_STORAGE)
                .withField("spec.nodeName", home)
                .list()
                .getItems()
                .stream()
                .map(Pod::getMetadata)
                .filter(
                    pod ->
                        !pod.getNamespace().equals(app.namespace())
                            || !pod.getName().equals(app.podName()))
                .map(pod -> pod.getNamespace() + "/" + pod.getName())
                .sorted()
                .toList();
    if (!others.isEmpty()) {
      throw new DrillRefused(
          "%s has other pods that Refloat looks after, and would get afloat elsewhere on empty volumes: %s. Say --yes if that is meant, or cordon instead"
              .formatted(home, String.join(", ", others)));
    }
  }

  /** Returns the claims of the first pod that are lost with its node; others stay as they are. */
  private Set<String> localClaims(App app) {
    return app.claims().values().stream()
        .filter(
            claim ->
                Optional.ofNullable(claim.getSpec().getVolumeName())
                    .flatMap(app::volume)
                    .map(Facts::volume)
                    .filter(volume -> known.localityOf(volume) instanceof Locality.Pinned)
                    .isPresent())
        .map(claim -> claim.getMetadata().getName())
        .collect(Collectors.toUnmodifiableSet());
  }

  private Duration grace(OptIn optIn) {
    return optIn.after().orElseGet(() -> known.grace(failure.state()));
  }

  @Override
  public void play(App app, Script script) {
    OptIn optIn = app.optedIn();
    Baseline before = Baseline.take(app, script).only(localClaims(app));
    String home = before.pod().getSpec().getNodeName();
    int nodes = Elsewhere.nodesFor(app, before.pod()).size();
    Surroundings surroundings =
        Surroundings.of(app, failure.isFeltByOthers() ? Set.of(home) : Set.of());

    Told told = Told.fromNowOn(app, app.podName());
    script.phase("%s %s".formatted(home, failure.words()));
    failure.strike(app.client(), home, script);
    script.act(() -> app.deleteByForce(before.pod()));
    script.mark(Moment.AWAY);

    detection(app, before, told, script);
    Pod back = recovery(app, before, optIn, told, script);

    script.phase("Nothing else was touched");
    surroundings.checkUntouched(app, script);
    checkOldVolumes(app, before, optIn, script);

    loopPrevention(app, before, back, nodes, script);
  }

  private void detection(App app, Baseline before, Told told, Script script) {
    script.phase("Detection");
    String was = App.uid(before.pod());
    Optional<Pod> stranded =
        script.await(
            app.podName() + " is stranded",
            "a new pod that the scheduler finds no node for",
            patience,
            app::pod,
            pod -> pod.filter(one -> isStranded(one, was)).isPresent() || isAnew(app, before),
            PodWords::of);
    script.mark(Moment.STRANDED);
    stranded.ifPresent(pod -> Baseline.checkLabel(pod, script));
    script.await(
        "Refloat has seen it",
        "an Event of Refloat about the pod",
        SEEN_WITHIN,
        told::events,
        events -> !events.isEmpty(),
        Told::words);
    script.mark(Moment.SEEN);
  }

  private static boolean isStranded(Pod pod, String was) {
    return !App.uid(pod).equals(was)
        && pod.getMetadata().getDeletionTimestamp() == null
        && pod.getSpec().getNodeName() == null
        && Facts.refused(pod);
  }

  private static boolean isAnew(App app, Baseline before) {
    Map<String, String> now = app.claimUids();
    return now.keySet().containsAll(before.claims().keySet())
        && before.claims().entrySet().stream()
            .noneMatch(was -> was.getValue().equals(now.get(was.getKey())));
  }

  private Pod recovery(App app, Baseline before, OptIn optIn, Told told, Script script) {
    script.phase("Recovery");
    String home = before.pod().getSpec().getNodeName();
    script.await(
        "its claims are made anew",
        "other claims of the same names",
        grace(optIn).plus(BACK_WITHIN),
        () -> isAnew(app, before),
        anew -> anew,
        anew ->
            anew
                ? String.join(", ", before.claims().keySet())
                : "they are the old ones; Refloat says " + Told.words(told.events()));
    script.mark(Moment.ANEW);
    var _ =
        script.await(
            app.podName() + " is bound elsewhere",
            "bound to another node than " + home,
            patience,
            app::pod,
            pod -> pod.filter(one -> isElsewhere(one, home)).isPresent(),
            PodWords::of);
    Duration away = Duration.between(script.at(Moment.AWAY), script.mark(Moment.BOUND));
    Duration most = grace(optIn).plus(BACK_WITHIN);
    script.check(
        "that took no longer than its grace and 30 s",
        "at most " + Narrator.seconds(most),
        Narrator.seconds(away),
        away.compareTo(most) <= 0);
    // How long it takes to start is its own affair.
    Pod back =
        script
            .await(
                app.podName() + " is Ready there",
                "Ready",
                patience,
                app::pod,
                pod ->
                    pod.filter(PodConditions::isReady)
                        .filter(one -> isElsewhere(one, home))
                        .isPresent(),
                PodWords::of)
            .orElseThrow();
    var _ = script.mark(Moment.BACK);
    return back;
  }

  private static boolean isElsewhere(Pod pod, String home) {
    return pod.getSpec().getNodeName() != null && !pod.getSpec().getNodeName().equals(home);
  }

  private static void checkOldVolumes(App app, Baseline before, OptIn optIn, Script script) {
    if (optIn.data() == Data.DISCARD) {
      return;
    }
    for (String volume : before.volumes().values()) {
      Optional<PersistentVolume> old = app.volume(volume);
      script.check(
          "the data of before is kept",
          volume + " is Retain, and says whose it was",
          old.map(
                  one ->
                      "%s is %s"
                          .formatted(volume, one.getSpec().getPersistentVolumeReclaimPolicy()))
              .orElse(volume + " is gone"),
          old.filter(NodeFailure::isKept).isPresent());
    }
    script.note(
        "kept volumes stay, with the drill's files: remove %s when nobody wants them"
            .formatted(String.join(", ", before.volumes().values())));
  }

  private static boolean isKept(PersistentVolume volume) {
    return "Retain".equals(volume.getSpec().getPersistentVolumeReclaimPolicy())
        && Optional.ofNullable(volume.getMetadata().getAnnotations())
            .orElse(Map.of())
            .containsKey(Names.KEPT);
  }

  private void loopPrevention(App app, Baseline before, Pod back, int nodes, Script script) {
    script.phase("Loop prevention");
    for (String claim : before.claims().keySet()) {
      // The controller marks it once it has seen the pod bound, which may be after it is Ready.
      var _ =
          script.awaitIfComes(
              claim + " says that a recovery made it",
              Names.ATTEMPT + " of 1 or more",
              BACK_WITHIN,
              () -> app.claim(claim).map(LoopGuard::attempt).orElse(0),
              attempt -> attempt > 0,
              attempt ->
                  "recovery %d; not again for %s"
                      .formatted(attempt, Durations.print(known.cooldown(attempt))));
    }
    if (new LoopGuard(known).isOff()) {
      script.note("the loop guard is off (REFLOAT_COOLDOWN=0s), and not tried");
    } else if (failure.isFeltByOthers()) {
      script.note("the loop guard is not tried: others would feel that a second node fails");
    } else if (nodes < LoopGuard.NODES_TO_TRY_IT) {
      script.note("the loop guard is not tried: it takes a third node");
    } else {
      LoopGuard.expectToHold(app, back, failure, patience, script);
    }
  }
}
