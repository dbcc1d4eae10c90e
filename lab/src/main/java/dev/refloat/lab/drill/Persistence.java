package dev.refloat.lab.drill;

import dev.refloat.lab.drill.run.Moment;
import dev.refloat.lab.drill.run.Script;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;

/** A pod is deleted by force: it comes back to its node, its volumes and its data. */
record Persistence(Duration patience) implements Drill {

  @Override
  public String name() {
    return "persistence";
  }

  @Override
  public String summary(App app) {
    return "its pod is deleted by force";
  }

  @Override
  public List<String> plan(App app) {
    return List.of(
        DataFiles.planned(app),
        "delete %s without grace (its container is killed)".formatted(app.podName()),
        "expect it on the same node, with the same volumes and the same files",
        "remove the files");
  }

  @Override
  public void refuseIfUnsafe(App app) {
    Safe.hasData(app);
    app.optedIn();
    Safe.isWell(app);
  }

  @Override
  public void play(App app, Script script) {
    Baseline before = Baseline.take(app, script);

    script.phase("The pod is deleted by force");
    script.act(() -> app.deleteByForce(before.pod()));
    script.mark(Moment.AWAY);
    Pod back = before.awaitBack(app, script, patience);

    script.phase("Same place, same data");
    before.checkSamePlace(app, script, back);
    before.checkSameData(app, script);
  }
}
