package dev.refloat.lab.bench;

import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Pods are made through the API server, in a namespace whose pods the webhook is asked about, and,
 * in turns, in one that is left out of the registration. Once pods that opted in, and once others,
 * which only pay for the conditions of the registration.
 */
final class Creation {

  /** So many at a time, and then they are deleted: nobody has a large namespace to look through. */
  private static final int IN_A_TURN = 500;

  private static final int HANDS = 8;
  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final Ground ground;
  private final int pods;
  private final Both<Made> optedIn = new Both<>(new Made(), new Made());
  private final Both<Made> others = new Both<>(new Made(), new Made());
  private int missed;

  Creation(Ground ground, int pods) {
    this.ground = ground;
    this.pods = pods;
  }

  /** What is known of the pods of one side. */
  private static final class Made {
    private final List<Double> milliseconds = new ArrayList<>();
    private final List<Double> perSecond = new ArrayList<>();
  }

  Findings run() throws InterruptedException {
    ground.say(
        "creation: four times %,d pods, about %d min".formatted(pods, 1 + pods * 4 / 200 / 60));
    try (World asked = World.create(ground.controlPlane(), "asked");
        World leftOut = World.create(ground.controlPlane(), "left-out");
        RefloatProcess webhook = ground.webhook("creation")) {
      Both<StatefulSet> sets = new Both<>(prepare(asked), prepare(leftOut));
      ground.withoutWebhookIn(leftOut.namespace(), () -> turns(sets));
      webhook.terminate();
    } finally {
      ground.withoutWebhook();
    }
    return findings();
  }

  private StatefulSet prepare(World world) {
    SamplePod.addClaim(world);
    world.add(LabStatefulSet.named(SamplePod.SET).replicas(0));
    return world.statefulSet(SamplePod.SET).orElseThrow();
  }

  private void turns(Both<StatefulSet> sets) {
    try (ExecutorService hands = Executors.newFixedThreadPool(HANDS)) {
      // Once for nothing: the first of a process are slow.
      for (Side side : Side.values()) {
        var _ = turn(hands, sets.of(side), Math.min(IN_A_TURN, pods), true, new Made());
      }
      int made = 0;
      for (int turn = 0; made < pods; turn++) {
        int now = Math.min(IN_A_TURN, pods - made);
        made += now;
        for (Side side : Side.inTurn(turn)) {
          int labelled = turn(hands, sets.of(side), now, true, optedIn.of(side));
          switch (side) {
            case REFLOAT -> missed += now - labelled;
            case FLOOR -> expectNone(labelled);
          }
          expectNone(turn(hands, sets.of(side), now, false, others.of(side)));
        }
        ground.say(
            String.format(
                Locale.ROOT,
                "creation: %,d of %,d pods, a second: %.0f with the webhook, %.0f without",
                made,
                pods,
                optedIn.refloat().perSecond.getLast(),
                optedIn.floor().perSecond.getLast()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailed("interrupted", e);
    }
  }

  private static void expectNone(int labelled) {
    if (labelled > 0) {
      throw new BenchFailed(labelled + " pods were labelled that should not be");
    }
  }

  /** Returns how many of the pods that were made were labelled. */
  private int turn(ExecutorService hands, StatefulSet set, int count, boolean optedIn, Made made)
      throws InterruptedException {
    List<Callable<Pod>> work = new ArrayList<>();
    List<Double> milliseconds = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      Pod pod = SamplePod.of(set, number, optedIn);
      work.add(
          () -> {
            long sent = System.nanoTime();
            Pod answered = ground.client().resource(pod).create();
            double took = (System.nanoTime() - sent) / NANOS_PER_MILLISECOND;
            synchronized (milliseconds) {
              milliseconds.add(took);
            }
            return answered;
          });
    }
    long begun = System.nanoTime();
    int labelled = 0;
    for (Future<Pod> one : hands.invokeAll(work)) {
      if (get(one).getMetadata().getLabels().containsKey(Single.LABEL)) {
        labelled++;
      }
    }
    made.perSecond.add(count * 1e9 / (System.nanoTime() - begun));
    made.milliseconds.addAll(milliseconds);
    ground
        .client()
        .pods()
        .inNamespace(set.getMetadata().getNamespace())
        .withGracePeriod(0)
        .delete();
    return labelled;
  }

  private static Pod get(Future<Pod> one) throws InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      throw new BenchFailed("cannot make a pod", e);
    }
  }

  private Findings findings() {
    List<Figure> figures = new ArrayList<>();
    add(figures, "a pod that opted in", optedIn);
    add(figures, "another pod", others);
    return new Findings(
        figures, List.of(), List.of("Pods that opted in and were not labelled: " + missed + "."));
  }

  private static void add(List<Figure> figures, String what, Both<Made> made) {
    figures.add(
        Figure.of(
            what + ": until the API server has it (floor: without the webhook)",
            Unit.MILLISECONDS,
            made.refloat().milliseconds,
            made.floor().milliseconds,
            new Target.None()));
    figures.add(
        Figure.of(
            what + ": eight at a time",
            Unit.PER_SECOND,
            made.refloat().perSecond,
            made.floor().perSecond,
            new Target.None()));
  }
}
