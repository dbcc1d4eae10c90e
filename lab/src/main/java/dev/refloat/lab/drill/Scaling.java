package dev.refloat.lab.drill;

import dev.refloat.lab.drill.run.Moment;
import dev.refloat.lab.drill.run.Script;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An app is scaled to nothing and back: claims, volumes and data are what they were. */
record Scaling(Duration patience) implements Drill {

  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public String summary(App app) {
    return "scaled to 0 and back";
  }

  @Override
  public List<String> plan(App app) {
    return List.of(
        DataFiles.planned(app),
        "scale %s to 0, and expect its claims and volumes to stay".formatted(app.name()),
        "scale it back to %d, and expect the same node and the same files"
            .formatted(app.replicas()),
        "remove the files");
  }

  @Override
  public void refuseIfUnsafe(App app) {
    Safe.hasData(app);
    app.optedIn();
    Safe.isWell(app);
    Safe.keepsClaimsWhenScaled(app);
  }

  @Override
  public void play(App app, Script script) {
    Baseline before = Baseline.take(app, script);
    int replicas = app.replicas();
    List<String> pods = app.podNames();
    Map<String, String> claims = app.claimUids(pods);

    script.phase("Scaled to 0");
    script.change(
        "%s is scaled to %d".formatted(app.name(), replicas),
        "kubectl scale statefulset -n %s %s --replicas=%d"
            .formatted(app.namespace(), app.name(), replicas),
        () -> {
          // Whoever has scaled it since knows better.
          if (app.replicas() == 0) {
            scale(app, replicas);
          }
        },
        () -> scale(app, 0));
    script.mark(Moment.AWAY);
    script.await(
        "its pods are gone",
        "no pod",
        patience,
        () -> pods.stream().filter(pod -> app.pod(pod).isPresent()).toList(),
        List::isEmpty,
        left -> left.isEmpty() ? "none is left" : String.join(", ", left) + " still there");
    before.checkClaims(app, script);

    script.phase("Scaled to " + replicas);
    script.act(() -> scale(app, replicas));
    Pod back = before.awaitBack(app, script, patience);
    before.checkSamePlace(app, script, back);
    before.checkSameData(app, script);
    if (pods.size() > 1) {
      script.same("the claims of all pods are the same", claims, app.claimUids(pods));
    }
  }

  private static void scale(App app, int replicas) {
    Writes.merge(
        app.client().apps().statefulSets().inNamespace(app.namespace()).withName(app.name()),
        "{\"spec\":{\"replicas\":%d}}".formatted(replicas));
  }
}
