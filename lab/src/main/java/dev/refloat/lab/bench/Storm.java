package dev.refloat.lab.bench;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.await.AwaitFailed;
import dev.refloat.lab.bench.Findings.RequestCosts;
import dev.refloat.lab.figures.Distribution;
import dev.refloat.lab.process.ProcessUse;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many StatefulSets of one replica lose their pod at the same moment, with every limit of Refloat
 * opened as far as its settings go. Refloat and the floor take turns, each time in a new world.
 *
 * <p>The clock starts when the nodes' pods are gone and the first of their successors is said to be
 * unschedulable; the same event for both. The grace of a second is within it, for both.
 */
final class Storm {

  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Fewer than a kubelet's 110. */
  private static final int PODS_ON_A_NODE = 100;

  private static final int HANDS = 8;
  private static final Duration SET_UP = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration BETWEEN_WORDS = Duration.ofSeconds(10);

  /** The StatefulSet controller's limiter of retries holds 100 and gets 10 a second. */
  private static final Duration REST = Duration.ofSeconds(15);

  private static final Duration LAST_WORDS = Duration.ofMinutes(2);

  private final Ground ground;
  private final int sets;
  private final int storms;

  private final Both<List<Double>> each = Both.lists();
  private final Both<List<Double>> all = Both.lists();
  private final List<Double> memory = new ArrayList<>();
  private final List<Double> cpuSeconds = new ArrayList<>();
  private final Both<List<AuditEntry>> asked = Both.lists();
  private final Both<List<Double>> requests = Both.lists();
  private final List<String> remarks = new ArrayList<>();

  Storm(Ground ground, int sets, int storms) {
    this.ground = ground;
    this.sets = sets;
    this.storms = storms;
  }

  Findings run() throws InterruptedException {
    for (int storm = 0; storm < storms; storm++) {
      for (Side side : Side.inTurn(storm)) {
        String name = "storm-%d-%s".formatted(storm + 1, side == Side.FLOOR ? "floor" : "refloat");
        try (World world = World.create(ground.controlPlane(), name)) {
          List<String> lost = running(world, name);
          switch (side) {
            case REFLOAT -> byRefloat(world, lost, name);
            case FLOOR -> byFloor(world, lost, name);
          }
          tidy(world, name);
        }
      }
    }
    return findings();
  }

  /** Puts all pods on the nodes that are to be lost; then makes the nodes that they can go to. */
  private List<String> running(World world, String name) throws InterruptedException {
    ground.say("%s: making %d StatefulSets".formatted(name, sets));
    int nodes = (sets + PODS_ON_A_NODE - 1) / PODS_ON_A_NODE;
    List<String> lost = names("lost", nodes);
    world.add(nodes(lost)).add(new LabStorageClass.Dynamic(Single.CLASS, ReclaimPolicy.DELETE));
    try (PodTimes times =
        PodTimes.follow(
            ground.client(), world.namespace(), Set.of(), PodTimes.Stranding.nobody())) {
      inParallel(names("s", sets), set -> world.add(Single.optedIn(set, GRACE)));
      awaitRunning(times, name);
    }
    Await.within(SET_UP)
        .until(
            "all pods of " + name + " run",
            () ->
                ground
                    .client()
                    .pods()
                    .inNamespace(world.namespace())
                    .withField("status.phase", "Pending")
                    .list()
                    .getItems()
                    .isEmpty());
    world.add(nodes(names("spare", nodes + 1)));
    return lost;
  }

  private void awaitRunning(PodTimes times, String name) throws InterruptedException {
    Instant until = Instant.now().plus(SET_UP);
    while (!times.awaitBound(sets, BETWEEN_WORDS)) {
      ground.say("%s: %d of %d pods are there".formatted(name, times.bound().size(), sets));
      if (Instant.now().isAfter(until)) {
        throw new BenchFailed("the pods of " + name + " do not get their first nodes");
      }
    }
  }

  private static LabNode[] nodes(List<String> names) {
    return names.stream()
        .map(name -> LabNode.named(name).cpu(Integer.toString(PODS_ON_A_NODE)))
        .toArray(LabNode[]::new);
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(number -> prefix + number).toList();
  }

  private void byRefloat(World world, List<String> lost, String name) throws InterruptedException {
    try (RefloatProcess controller =
        ground.controller(
            name,
            Map.of(
                "WATCHED_NAMESPACES",
                world.namespace(),
                "REFLOAT_MAX_CONCURRENT",
                Integer.toString(Floor.AT_ONCE),
                "REFLOAT_RECOVERIES_PER_MINUTE",
                "6000"))) {
      Instant begun = Instant.now();
      double cpuBefore = ProcessUse.of(controller.handle().pid()).cpuSeconds();
      Ending ending;
      try (PodTimes times = follow(world, lost, PodTimes.Stranding.nobody());
          MemoryWatch memoryWatch = MemoryWatch.of(controller.handle())) {
        lose(world, lost, name);
        ending = awaitEnd(times, name, controller::isAlive);
        if (ending == Ending.ALL_BOUND) {
          awaitLastWords(controller, name);
          cpuSeconds.add(ProcessUse.of(controller.handle().pid()).cpuSeconds() - cpuBefore);
        }
        memory.add(memoryWatch.largest());
        keep(Side.REFLOAT, times, name, ending);
      }
      count(Side.REFLOAT, ending, ground.audit().of(Accounts.CONTROLLER_USER, begun));
      if (ending == Ending.DIED) {
        remarks.add(
            "%s: **the controller ended by itself** with exit code %d; the end of its log: `%s`"
                .formatted(
                    name, controller.awaitEnd(), controller.log().getLast().message().strip()));
      } else {
        controller.terminate();
      }
    }
  }

  private void byFloor(World world, List<String> lost, String name) throws InterruptedException {
    Instant begun = Instant.now();
    try (FreshClaims claims = FreshClaims.in(ground.client(), world.namespace());
        Floor floor = new Floor(ground.floor(), claims, Known.in(ground.client(), world), GRACE);
        PodTimes times = follow(world, lost, floor::stranded)) {
      lose(world, lost, name);
      Ending ending = awaitEnd(times, name, () -> true);
      keep(Side.FLOOR, times, name, ending);
      count(Side.FLOOR, ending, ground.audit().of(Accounts.FLOOR_USER, begun));
    }
  }

  private void count(Side side, Ending ending, List<AuditEntry> entries) {
    asked.of(side).addAll(entries);
    if (ending == Ending.ALL_BOUND) {
      requests.of(side).add((double) entries.size() / sets);
    }
  }

  private PodTimes follow(World world, List<String> lost, PodTimes.Stranding stranding) {
    return PodTimes.follow(
        ground.client(),
        world.namespace(),
        lost.stream().map(world.names()::clusterWide).collect(Collectors.toSet()),
        stranding);
  }

  private void lose(World world, List<String> lost, String name) throws InterruptedException {
    ground.say(
        "%s: resting for %d s, so that nobody pays for the setting up"
            .formatted(name, REST.toSeconds()));
    TimeUnit.NANOSECONDS.sleep(REST.toNanos());
    ground.say("%s: losing %d nodes with %d pods".formatted(name, lost.size(), sets));
    inParallel(lost, world::nodeLost);
  }

  /** How a storm was over. */
  private enum Ending {
    ALL_BOUND,
    TIME_OVER,
    DIED
  }

  /** Waits for the end of a storm, and says how far it is. */
  private Ending awaitEnd(PodTimes times, String name, BooleanSupplier alive)
      throws InterruptedException {
    Components before = Components.of(ground.controlPlane());
    Instant begun = Instant.now();
    Instant until = begun.plus(PATIENCE);
    while (!times.awaitBound(sets, BETWEEN_WORDS)) {
      ground.say("%s: %d of %d pods are bound".formatted(name, times.bound().size(), sets));
      if (!alive.getAsBoolean()) {
        return Ending.DIED;
      }
      if (Instant.now().isAfter(until)) {
        return Ending.TIME_OVER;
      }
    }
    remarks.add(
        "%s: CPU within %.1f s: %s."
            .formatted(
                name,
                Seconds.between(begun, Instant.now()),
                Components.of(ground.controlPlane()).since(before).words()));
    return Ending.ALL_BOUND;
  }

  /** Half a storm is no figure: the pods that are missing would have been the slow ones. */
  private void keep(Side side, PodTimes times, String name, Ending ending) {
    Map<String, Instant> bound = times.bound();
    if (ending != Ending.ALL_BOUND) {
      remarks.add(
          "%s: only %d of %d pods got a new node; there are no figures of it."
              .formatted(name, bound.size(), sets));
      return;
    }
    Instant first =
        times.stranded().values().stream()
            .min(Instant::compareTo)
            .orElseThrow(() -> new BenchFailed("no pod of " + name + " was stranded"));
    List<Double> seconds =
        bound.values().stream().map(each -> Seconds.between(first, each)).toList();
    double last = new Distribution(seconds).largest();
    each.of(side).addAll(seconds);
    all.of(side).add(last);
    ground.say(String.format(Locale.ROOT, "%s: all bound after %.1f s", name, last));
  }

  /** What the controller asks after a pod is bound belongs to the recovery as well. */
  private void awaitLastWords(RefloatProcess controller, String name) {
    try {
      new Await(LAST_WORDS, Duration.ofSeconds(1))
          .until("Refloat has completed all recoveries", () -> Lines.completed(controller) >= sets);
    } catch (AwaitFailed e) {
      remarks.add(
          "%s: **%d of %d recoveries were said to be completed** within %d s, see `%s`"
              .formatted(
                  name,
                  Lines.completed(controller),
                  sets,
                  LAST_WORDS.toSeconds(),
                  controller.logFile()));
    }
  }

  /** The next storm must not meet what this one has left behind. */
  private void tidy(World world, String name) {
    ground.say("%s: tidying up".formatted(name));
    world.close();
    Await.within(SET_UP)
        .until(
            "the pods and volumes of " + name + " are gone",
            () ->
                ground.client().pods().inNamespace(world.namespace()).list().getItems().isEmpty()
                    && world.volumes().isEmpty());
  }

  private static void inParallel(List<String> names, Consumer<String> work) {
    try (ExecutorService hands = Executors.newFixedThreadPool(HANDS)) {
      List<Future<?>> done = new ArrayList<>();
      names.forEach(name -> done.add(hands.submit(() -> work.accept(name))));
      for (Future<?> one : done) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailed("interrupted", e);
    } catch (ExecutionException e) {
      throw new BenchFailed("cannot prepare a storm", e);
    }
  }

  private Findings findings() {
    String many = "%,d stranded pods of %,d sets at once".formatted(sets, sets);
    return new Findings(
        List.of(
            Figure.of(
                many + ": first one stranded → each one bound",
                Unit.SECONDS,
                each.refloat(),
                each.floor(),
                new Target.None()),
            Figure.of(
                many + ": first one stranded → last one bound",
                Unit.SECONDS,
                all.refloat(),
                all.floor(),
                new Target.TimesFloor(1.5)),
            Figure.of(
                many + ": API requests per recovery",
                Unit.REQUESTS,
                requests.refloat(),
                requests.floor(),
                new Target.None()),
            Figure.alone(
                many + ": RssAnon of the controller, largest",
                Unit.MEGABYTES,
                memory,
                new Target.None()),
            Figure.alone(
                many + ": CPU of the controller", Unit.SECONDS, cpuSeconds, new Target.None())),
        List.of(
            costs("Refloat, %,d pods at once".formatted(sets), Side.REFLOAT),
            costs("floor, %,d pods at once".formatted(sets), Side.FLOOR)),
        remarks);
  }

  private RequestCosts costs(String title, Side side) {
    return new RequestCosts(title, Requests.of(asked.of(side)), sets * storms);
  }
}
