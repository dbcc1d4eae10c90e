package dev.refloat.lab.bench;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.bench.Findings.RequestCosts;
import dev.refloat.lab.process.ProcessUse;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.relay.Relay;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Nothing happens, in clusters with more and more healthy labelled pods: what that costs. The
 * number of nodes stays the same, because nodes have a price of their own.
 */
final class Idle {

  private static final int NODES = 10;
  private static final int HANDS = 8;
  private static final Duration SET_UP = Duration.ofMinutes(10);

  /** What a JVM does in its first seconds is not idleness. */
  private static final Duration SETTLE = Duration.ofSeconds(20);

  private final Ground ground;
  private final Sizes sizes;

  Idle(Ground ground, Sizes sizes) {
    this.ground = ground;
    this.sizes = sizes;
  }

  /**
   * What one window cost.
   *
   * @param rssAnon at its end, in megabytes
   */
  private record Window(double rssAnon, double cpuSeconds, Traffic.Totals traffic) {}

  Findings run() throws InterruptedException {
    Map<Integer, List<Window>> measured = new LinkedHashMap<>();
    List<RequestCosts> requests = new ArrayList<>();
    try (World world = World.create(ground.controlPlane(), "idle")) {
      List<String> nodes = IntStream.range(0, NODES).mapToObj(number -> "n" + number).toList();
      world.add(nodes.stream().map(LabNode::named).toArray(LabNode[]::new));
      int there = 0;
      for (int pods : sizes.pods()) {
        add(world, nodes, there, pods);
        there = pods;
        measured.put(pods, windows(pods, requests));
      }
    }
    return new Findings(figures(measured), requests, List.of());
  }

  /** Makes pods that are on a node from the beginning, so that the scheduler is left alone. */
  private void add(World world, List<String> nodes, int from, int to) throws InterruptedException {
    if (to == from) {
      return;
    }
    ground.say("idle: making %,d pods".formatted(to - from));
    try (ExecutorService hands = Executors.newFixedThreadPool(HANDS)) {
      List<Future<?>> done = new ArrayList<>();
      for (int number = from; number < to; number++) {
        Pod pod = pod(world, "p" + number, nodes.get(number % nodes.size()));
        done.add(hands.submit(() -> ground.client().resource(pod).create()));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new BenchFailed("cannot make pods", e);
    }
    new Await(SET_UP, Duration.ofSeconds(1))
        .until(
            "all pods run",
            () ->
                ground
                    .client()
                    .pods()
                    .inNamespace(world.namespace())
                    .withField("status.phase", "Pending")
                    .list(new ListOptionsBuilder().withLimit(1L).build())
                    .getItems()
                    .isEmpty());
  }

  private static Pod pod(World world, String name, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(world.namespace())
        .addToLabels(Single.LABEL, "true")
        .addToAnnotations("refloat.dev/recover", "node-gone")
        .endMetadata()
        .withNewSpec()
        .withNodeName(world.names().clusterWide(node))
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName("app")
        .withImage("lab.invalid/app")
        .endContainer()
        .endSpec()
        .build();
  }

  private List<Window> windows(int pods, List<RequestCosts> requests) throws InterruptedException {
    ground.say(
        "idle with %,d pods: %d windows of %d s"
            .formatted(pods, sizes.windows(), sizes.window().toSeconds()));
    Instant started = Instant.now();
    List<Window> windows = new ArrayList<>();
    try (Relay relay = Relay.to(ground.controlPlane().url());
        RefloatProcess controller =
            ground.controller(
                "idle-" + pods,
                Map.of("KUBECONFIG", ground.controllerKubeconfigBy(relay.url()).toString()))) {
      Traffic traffic =
          new RelayedTraffic(ground.audit(), Accounts.CONTROLLER_USER, started, relay);
      pass(SETTLE);
      Instant settled = Instant.now();
      ProcessUse use = ProcessUse.of(controller.handle().pid());
      Traffic.Totals totals = traffic.now();
      for (int window = 0; window < sizes.windows(); window++) {
        pass(sizes.window());
        ProcessUse useNow = ProcessUse.of(controller.handle().pid());
        Traffic.Totals totalsNow = traffic.now();
        windows.add(
            new Window(
                useNow.rssAnonMegabytes(),
                useNow.cpuSeconds() - use.cpuSeconds(),
                totalsNow.since(totals)));
        use = useNow;
        totals = totalsNow;
      }
      requests.add(
          new RequestCosts(
              "Refloat, idle with %,d pods".formatted(pods),
              Requests.of(ground.audit().of(Accounts.CONTROLLER_USER, settled)),
              0));
      controller.terminate();
    }
    return windows;
  }

  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  private List<Figure> figures(Map<Integer, List<Window>> measured) {
    List<Figure> figures = new ArrayList<>();
    Map<Unit, List<Double>> reference = new HashMap<>();
    measured.forEach(
        (pods, windows) -> {
          String idle = "idle with %,d healthy labelled pods: ".formatted(pods);
          figures.add(
              figure(
                  idle + "RssAnon",
                  Unit.MEGABYTES,
                  windows.stream().map(Window::rssAnon).toList(),
                  reference,
                  4));
          figures.add(
              figure(
                  idle + "CPU",
                  Unit.CPU_SECONDS_PER_MINUTE,
                  windows.stream().map(window -> perMinute(window.cpuSeconds())).toList(),
                  reference,
                  0.1));
          figures.add(
              figure(
                  idle + "received from the API server",
                  Unit.KILOBYTES_PER_MINUTE,
                  windows.stream()
                      .map(window -> perMinute(window.traffic().bytesReceived() / 1024.0))
                      .toList(),
                  reference,
                  4));
          figures.add(
              figure(
                  idle + "API requests",
                  Unit.REQUESTS_PER_MINUTE,
                  windows.stream()
                      .map(window -> perMinute((double) window.traffic().requests()))
                      .toList(),
                  reference,
                  4));
        });
    return figures;
  }

  private double perMinute(double inWindow) {
    return inWindow * Duration.ofMinutes(1).toMillis() / sizes.window().toMillis();
  }

  /** The first number of pods is the floor of all others. */
  private static Figure figure(
      String what,
      Unit unit,
      List<Double> values,
      Map<Unit, List<Double>> reference,
      double slack) {
    List<Double> floor = reference.putIfAbsent(unit, values);
    return floor == null
        ? Figure.alone(what, unit, values, new Target.None())
        : Figure.of(what, unit, values, floor, new Target.Flat(slack));
  }
}
