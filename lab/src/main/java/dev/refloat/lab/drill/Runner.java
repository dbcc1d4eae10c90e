package dev.refloat.lab.drill;

import dev.refloat.lab.await.AwaitFailed;
import dev.refloat.lab.drill.run.DrillStopped;
import dev.refloat.lab.drill.run.Narrator;
import dev.refloat.lab.drill.run.Outcome;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.lab.drill.run.Undo;
import dev.refloat.lab.world.CommandFailed;
import dev.refloat.lab.world.PodConditions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays a drill, undoes what it did, and sees that the app is well afterwards.
 *
 * @param patience how long that may take
 */
record Runner(Drill drill, Narrator narrator, InstantSource clock, Duration patience) {

  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  /** Plays it once on each of {@code runs}, one after the other. */
  List<Outcome> playAll(List<App> runs) {
    List<Outcome> outcomes = new ArrayList<>();
    for (App app : runs) {
      outcomes.add(play(app));
    }
    return outcomes;
  }

  Outcome play(App app) {
    try (Undo undo = new Undo(narrator)) {
      Script script =
          new Script(drill.name(), app.name(), drill.summary(app), narrator, clock, undo);
      List<String> trouble = new ArrayList<>();
      trouble(
              () -> {
                drill.refuseIfUnsafe(app);
                drill.play(app, script);
              })
          .ifPresent(trouble::add);
      undo.all().forEach(failure -> trouble.add("could not be undone: " + failure));
      if (drill.changesSomething()) {
        trouble(() -> checkItIsWell(app, script)).ifPresent(trouble::add);
      }
      return script.end(
          trouble.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", trouble)));
    }
  }

  /** Whatever goes wrong in one run, what it did is undone, and the runs before it are not lost. */
  private static Optional<String> trouble(Runnable action) {
    try {
      action.run();
      return Optional.empty();
    } catch (DrillRefused
        | DrillStopped
        | AwaitFailed
        | CommandFailed
        | KubernetesClientException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("A run of a drill broke", e);
      return Optional.of("the drill itself is broken: " + e);
    }
  }

  private void checkItIsWell(App app, Script script) {
    script.phase("Afterwards");
    var _ =
        script.awaitIfComes(
            app.name() + " is well",
            "all its pods Ready, and none of their claims on its way out",
            patience,
            () -> ill(app),
            List::isEmpty,
            ill ->
                ill.isEmpty()
                    ? "%d of %d Ready".formatted(app.replicas(), app.replicas())
                    : String.join("; ", ill));
  }

  private static List<String> ill(App app) {
    List<String> ill = new ArrayList<>();
    for (String pod : app.podNames()) {
      if (app.pod(pod).filter(PodConditions::isReady).isEmpty()) {
        ill.add("%s: %s".formatted(pod, PodWords.of(app.pod(pod))));
      }
      app.claims(pod).values().stream()
          .map(HasMetadata::getMetadata)
          .filter(claim -> claim.getDeletionTimestamp() != null)
          .forEach(claim -> ill.add("claim %s is being deleted".formatted(claim.getName())));
    }
    return ill;
  }
}
