package dev.refloat.words;

import static dev.refloat.words.Phrases.join;

import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Verdict;
import java.util.ArrayList;
import java.util.List;

/** A verdict in words, for a person who has just been woken up. */
public final class Words {

  private Words() {}

  /** One sentence or two, without a line break, that begin with what is done about {@code pod}. */
  public static String of(ObjectId pod, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Leave leave -> "leaving " + pod.name() + " alone: " + LeaveWords.of(pod, leave);
      case Verdict.Hold hold -> "holding " + pod.name() + ": " + HoldWords.of(pod, hold);
      case Verdict.Recover(Plan plan) ->
          "refloating " + pod.name() + ": " + whatIsDone(plan) + ": " + plan.why();
    };
  }

  private static String whatIsDone(Plan plan) {
    List<String> claims = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (Plan.Step step : plan.steps()) {
      switch (step) {
        case Plan.Step.KeepData keep -> kept.add(keep.target().name());
        case Plan.Step.DeleteClaim delete -> claims.add(delete.target().name());
        case Plan.Step.DeletePod _ -> {}
      }
    }
    return claims.isEmpty()
        ? "deleting the pod only"
        : "giving up claim "
            + join(claims)
            + ", which its StatefulSet makes anew with the pod ("
            + (kept.isEmpty() ? "no volume is kept" : "volume " + join(kept) + " is kept")
            + ")";
  }
}
