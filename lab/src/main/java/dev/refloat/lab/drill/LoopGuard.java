package dev.refloat.lab.drill;

import dev.refloat.kube.Facts;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.optin.Names;
import dev.refloat.recovery.Attempts;
import dev.refloat.recovery.Claim;
import dev.refloat.settings.Durations;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The controller's cooldown, which a drill meets honestly: it never takes its mark off a claim. */
record LoopGuard(Known known) {

  private static final String COOLDOWN = "Cooldown";
  private static final String OFF =
      "run the controller with REFLOAT_COOLDOWN=0s for as long as drills are run (in the lab: lab/lab up --refloat --set REFLOAT_COOLDOWN=0s ...; in a cluster: edit ConfigMap refloat-system/refloat and restart the controller)";

  /** Where it fails, where it goes, and somewhere for the guard to keep it from. */
  static final int NODES_TO_TRY_IT = 3;

  boolean isOff() {
    return known.settings().cooldown().isZero();
  }

  static int attempt(PersistentVolumeClaim claim) {
    return Attempts.of(Facts.claim(claim));
  }

  /** Now it would hold the pod, and a drill would wait in vain. */
  void refuseIfHolding(App app, Instant now) {
    for (PersistentVolumeClaim found : app.claims().values()) {
      Claim claim = Facts.claim(found);
      Attempts.guardedUntil(claim, Facts.set(app.set()), known.settings().cooldown())
          .filter(now::isBefore)
          .ifPresent(
              over -> {
                throw new DrillRefused(
                    "the loop guard holds %s for another %s: claim %s was made anew %s ago (recovery %d), and the cooldown is %s (%s). Wait, or set annotation %s=0 on the claim, or %s"
                        .formatted(
                            app.podName(),
                            inWholeSeconds(Duration.between(now, over)),
                            claim.name(),
                            inWholeSeconds(Duration.between(claim.createdAt(), now)),
                            Attempts.of(claim),
                            Durations.print(known.cooldown(Attempts.of(claim))),
                            known.source(),
                            Names.ATTEMPT,
                            OFF));
              });
    }
  }

  /** It would hold an app in its second run. */
  void refuseIfMet(List<App> runs) {
    if (isOff()) {
      return;
    }
    Set<String> before = new HashSet<>();
    for (int run = 1; run <= runs.size(); run++) {
      String name = runs.get(run - 1).name();
      if (!before.add(name)) {
        throw new DrillRefused(
            "run %d is on %s once more, and the loop guard would hold it: the cooldown is %s and doubles with each recovery (%s). For %d runs on these apps %s"
                .formatted(
                    run,
                    name,
                    Durations.print(known.settings().cooldown()),
                    known.source(),
                    runs.size(),
                    OFF));
      }
    }
  }

  private static String inWholeSeconds(Duration duration) {
    return Durations.print(Duration.ofSeconds(Math.max(1, duration.toSeconds())));
  }

  /** The next node fails at once: now Refloat holds, and when that is over the pod goes home. */
  static void expectToHold(App app, Pod back, Failure failure, Duration patience, Script script) {
    Map<String, String> claims = app.claimUids();
    Told told = Told.fromNowOn(app, app.podName());
    String node = back.getSpec().getNodeName();
    failure.strike(app.client(), node, script);
    script.act(() -> app.deleteByForce(back));
    var _ =
        script.awaitIfComes(
            "it is held when " + node + " fails at once as well",
            "an Event with reason " + COOLDOWN,
            patience,
            told::events,
            events -> Told.has(events, COOLDOWN),
            events -> Told.words(events, COOLDOWN));
    script.same("its claims are the same", claims, app.claimUids());
  }
}
