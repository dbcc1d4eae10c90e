package dev.refloat.lab.bench;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.bench.Findings.RequestCosts;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One pod at a time loses its node: how soon that is noticed, and how long it takes from the end of
 * the grace period until the pod has a new node. Refloat and the floor take turns, each in a world
 * of its own.
 */
final class Single {

  static final String LABEL = "refloat.dev/local-storage";
  static final String CLASS = "fast";

  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  private final Ground ground;
  private final int rounds;
  private final Both<List<Recovery>> recoveries = Both.lists();

  Single(Ground ground, int rounds) {
    this.ground = ground;
    this.rounds = rounds;
  }

  /**
   * When what happened to one pod.
   *
   * @param written when the API server had stored that it is unschedulable
   * @param heard when a bare watch heard of it
   * @param noticed when Refloat said so; for the floor the same as heard
   * @param due when the grace was over
   * @param claimGone when the claim's delete was answered
   * @param bound when a bare watch heard that the pod has a new node
   */
  private record Recovery(
      Instant written,
      Instant heard,
      Instant noticed,
      Instant due,
      Instant claimGone,
      Instant bound) {}

  Findings run() throws InterruptedException {
    ground.say(
        "single: %d rounds, Refloat and the floor in turns, about %d min"
            .formatted(rounds, Math.max(1, rounds * 12 / 60)));
    Instant begun = Instant.now();
    try (World refloat = world("refloat");
        World floor = world("floor");
        RefloatProcess controller =
            ground.controller("single", Map.of("WATCHED_NAMESPACES", refloat.namespace()))) {
      for (int round = 0; round < rounds; round++) {
        for (Side side : Side.inTurn(round)) {
          Recovery recovery =
              switch (side) {
                case REFLOAT -> byRefloat(refloat, "s" + round, controller, round + 1);
                case FLOOR -> byFloor(floor, "s" + round);
              };
          recoveries.of(side).add(recovery);
        }
        Recovery refloats = recoveries.of(Side.REFLOAT).getLast();
        ground.say(
            String.format(
                Locale.ROOT,
                "single: round %d of %d: Refloat told after %.3f s and had it bound %.2f s after the"
                    + " grace, floor %.2f s",
                round + 1,
                rounds,
                Seconds.between(refloats.written(), refloats.noticed()),
                last(Side.REFLOAT),
                last(Side.FLOOR)));
      }
      controller.terminate();
    }
    return findings(begun);
  }

  private double last(Side side) {
    Recovery recovery = recoveries.of(side).getLast();
    return Seconds.between(recovery.due(), recovery.bound());
  }

  private World world(String purpose) {
    World world = World.create(ground.controlPlane(), purpose);
    world.add(NODES.stream().map(LabNode::named).toArray(LabNode[]::new));
    return world.add(new LabStorageClass.Dynamic(CLASS, ReclaimPolicy.DELETE));
  }

  /** A set of one whose pod is labelled as the webhook would have labelled it. */
  static LabStatefulSet optedIn(String set, Duration grace) {
    return LabStatefulSet.named(set)
        .claim("data", CLASS)
        .label(LABEL, "true")
        .annotation("refloat.dev/recover", "node-gone")
        .annotation("refloat.dev/after", grace.toMillis() + "ms");
  }

  private Recovery byRefloat(World world, String set, RefloatProcess controller, int completed)
      throws InterruptedException {
    String pod = running(world, set);
    String node = world.nodeOf(pod).orElseThrow();
    Instant begun = Instant.now();
    try (PodTimes times = follow(world, node, PodTimes.Stranding.nobody())) {
      world.nodeLost(node);
      awaitBound(times, pod, Side.REFLOAT);
      awaitCompleted(controller, completed);
      List<Instant> graces = Lines.of(controller).graces(world.namespace(), pod);
      if (graces.isEmpty()) {
        throw new BenchFailed(
            "Refloat never said that %s waits for its grace; its log: %s"
                .formatted(pod, controller.logFile()));
      }
      return recovery(
          world,
          pod,
          begun,
          times,
          graces.getFirst(),
          graces.getLast().plus(GRACE),
          Accounts.CONTROLLER_USER);
    } finally {
      tidy(world, set, node);
    }
  }

  private Recovery byFloor(World world, String set) throws InterruptedException {
    String pod = running(world, set);
    String node = world.nodeOf(pod).orElseThrow();
    Instant begun = Instant.now();
    try (FreshClaims claims = FreshClaims.in(ground.client(), world.namespace());
        Floor floor = new Floor(ground.floor(), claims, Known.in(ground.client(), world), GRACE);
        PodTimes times = follow(world, node, floor::stranded)) {
      world.nodeLost(node);
      awaitBound(times, pod, Side.FLOOR);
      Instant heard = heard(times, pod);
      return recovery(world, pod, begun, times, heard, heard.plus(GRACE), Accounts.FLOOR_USER);
    } finally {
      tidy(world, set, node);
    }
  }

  private String running(World world, String set) {
    world.add(optedIn(set, GRACE));
    String pod = set + "-0";
    world.awaitReady(pod);
    return pod;
  }

  private PodTimes follow(World world, String node, PodTimes.Stranding stranding) {
    return PodTimes.follow(
        ground.client(), world.namespace(), Set.of(world.names().clusterWide(node)), stranding);
  }

  private static void awaitBound(PodTimes times, String pod, Side side)
      throws InterruptedException {
    if (!times.awaitBound(1, PATIENCE)) {
      throw new BenchFailed(
          "%s has no new node after %d s; it was the turn of %s"
              .formatted(pod, PATIENCE.toSeconds(), side.word()));
    }
  }

  /** So that the controller is idle again before anybody else's turn. */
  private static void awaitCompleted(RefloatProcess controller, int recoveries) {
    Await.within(PATIENCE)
        .until(
            "Refloat has completed %d recoveries; its log: %s"
                .formatted(recoveries, controller.logFile()),
            () -> Lines.completed(controller) >= recoveries);
  }

  private static Instant heard(PodTimes times, String pod) {
    Instant heard = times.stranded().get(pod);
    if (heard == null) {
      throw new BenchFailed(pod + " was bound without having been unschedulable");
    }
    return heard;
  }

  private Recovery recovery(
      World world,
      String pod,
      Instant begun,
      PodTimes times,
      Instant noticed,
      Instant due,
      String user) {
    List<AuditEntry> since =
        ground.audit().entries().stream()
            .filter(entry -> !entry.at().isBefore(begun))
            .filter(entry -> entry.namespace().equals(world.namespace()))
            .filter(AuditEntry::succeeded)
            .toList();
    Instant written =
        since.stream()
            .filter(entry -> entry.user().equals(AuditLog.SCHEDULER) && entry.name().equals(pod))
            .findFirst()
            .orElseThrow(() -> new BenchFailed("the scheduler has not written into " + pod))
            .at();
    Instant claimGone =
        since.stream()
            .filter(entry -> entry.user().equals(user))
            .filter(entry -> entry.kind().equals("delete persistentvolumeclaims"))
            .findFirst()
            .orElseThrow(() -> new BenchFailed("nobody has deleted the claim of " + pod))
            .at();
    return new Recovery(
        written,
        heard(times, pod),
        noticed,
        due,
        claimGone,
        times.bound().getOrDefault(pod, Instant.MAX));
  }

  /** What a round leaves behind must not slow down the next one. */
  private void tidy(World world, String set, String node) {
    var _ =
        ground.client().apps().statefulSets().inNamespace(world.namespace()).withName(set).delete();
    var _ =
        ground
            .client()
            .pods()
            .inNamespace(world.namespace())
            .withName(set + "-0")
            .withGracePeriod(0)
            .delete();
    var _ = ground.client().persistentVolumeClaims().inNamespace(world.namespace()).delete();
    var _ = ground.client().persistentVolumes().withLabel(World.LABEL, world.namespace()).delete();
    world.nodeReturns(node);
  }

  private Findings findings(Instant begun) {
    Figure noticed =
        figure(
            "unschedulable condition written → verdict logged (floor: → heard by a bare watch)",
            each -> Seconds.between(each.written(), each.noticed()),
            Side.REFLOAT,
            each -> Seconds.between(each.written(), each.heard()),
            new Target.Below(0.2, Unit.SECONDS));
    Figure claim =
        figure(
            "grace over → claim deleted, one stranded pod",
            each -> Seconds.between(each.due(), each.claimGone()),
            Side.FLOOR,
            each -> Seconds.between(each.due(), each.claimGone()),
            new Target.None());
    Figure bound =
        figure(
            "grace over → new pod bound, one stranded pod",
            each -> Seconds.between(each.due(), each.bound()),
            Side.FLOOR,
            each -> Seconds.between(each.due(), each.bound()),
            new Target.TimesFloor(1.3));
    return new Findings(
        List.of(noticed, claim, bound),
        List.of(
            costs("Refloat, one pod at a time", Accounts.CONTROLLER_USER, begun),
            costs("floor, one pod at a time", Accounts.FLOOR_USER, begun)),
        List.of());
  }

  private Figure figure(
      String what,
      ToDoubleFunction<Recovery> refloat,
      Side compared,
      ToDoubleFunction<Recovery> floor,
      Target target) {
    return Figure.of(
        what, Unit.SECONDS, values(Side.REFLOAT, refloat), values(compared, floor), target);
  }

  private List<Double> values(Side side, ToDoubleFunction<Recovery> value) {
    return recoveries.of(side).stream().mapToDouble(value).boxed().toList();
  }

  private RequestCosts costs(String title, String user, Instant begun) {
    return new RequestCosts(title, Requests.of(ground.audit().of(user, begun)), rounds);
  }
}
