package dev.refloat.words;

import static dev.refloat.words.Phrases.deletePod;
import static dev.refloat.words.Phrases.firstFew;
import static dev.refloat.words.Phrases.join;
import static dev.refloat.words.Phrases.pause;
import static dev.refloat.words.Phrases.time;

import dev.refloat.optin.LostState;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Verdict;
import dev.refloat.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a pod is held for, who waits for whom, until when, and what a person can do. */
final class HoldWords {

  private static final String NOTHING = "; nothing was deleted";

  private HoldWords() {}

  static String of(ObjectId pod, Verdict.Hold hold) {
    return switch (hold) {
      case Verdict.Hold.ClaimTerminating(String claim, List<String> finalizers) ->
          "its claim "
              + claim
              + " is being deleted"
              + (finalizers.isEmpty()
                  ? ""
                  : " and waits for "
                      + firstFew(finalizers)
                      + "; kubernetes.io/pvc-protection goes by itself, any other is for whoever set it to take off")
              + "; to keep its data, set its volume to Retain now, while the claim is there";
      case Verdict.Hold.ClaimAbsent(String claim, Instant again) ->
          "its claim "
              + claim
              + " is not there; if the StatefulSet has not made it again by "
              + time(again)
              + ", the pod will be deleted, so that it makes both";
      case Verdict.Hold.NodeNotSettled(String claim, String node, List<String> taints) ->
          "node "
              + node
              + " of its claim "
              + claim
              + " is starting, stopping or under pressure ("
              + join(taints)
              + ")"
              + NOTHING;
      case Verdict.Hold.GracePeriod(
              String claim,
              String what,
              LostState state,
              Instant since,
              Instant over) ->
          what
              + " of its claim "
              + claim
              + " is lost ("
              + state
              + ") since "
              + time(since)
              + ", grace period until "
              + time(over)
              + "; if it is not back by then, claim and pod are deleted and made anew; "
              + pause(pod)
              + " stops that"
              + NOTHING
              + " yet";
      case Verdict.Hold.ClaimInUse(String claim, List<String> pods) ->
          "its claim " + claim + " is used by " + firstFew(pods) + " as well" + NOTHING;
      case Verdict.Hold.ForeignFinalizer(String claim, List<String> finalizers) ->
          "somebody else has a say in the end of claim "
              + claim
              + ": "
              + firstFew(finalizers)
              + " (metadata.finalizers); it goes on when they have taken it off"
              + NOTHING;
      case Verdict.Hold.NowhereToGo(List<String> ruledOut) ->
          "no node could take it with a new volume ("
              + (ruledOut.isEmpty() ? "there are no nodes" : firstFew(ruledOut))
              + "); add a node or a volume"
              + NOTHING;
      case Verdict.Hold.FreeVolumeOnLostNode(String claim, String storageClass, String volume) ->
          "class "
              + storageClass
              + " binds at once and could give claim "
              + claim
              + " the free volume "
              + volume
              + ", which is on a node that cannot take the pod; delete that volume's object if its node is gone for good, else make the node take the pod"
              + NOTHING;
      case Verdict.Hold.SiblingsNotReady(
              int ready,
              int required,
              int others,
              List<String> missing) ->
          siblings(ready, required, others)
              + " ("
              + firstFew(missing)
              + "); mend those first, the data may live nowhere else"
              + NOTHING;
      case Verdict.Hold.SiblingsWaitForThisPod(int ready, int required, int others) ->
          siblings(ready, required, others)
              + ", and the missing ones are made only after this pod (OrderedReady), so this does not end by itself; refloat.dev/min-ready: \""
              + ready
              + "\" in the template and then "
              + deletePod(pod.namespace(), pod.name())
              + " lets it go on, and gives this volume up while "
              + (ready == 0 ? "no" : "only " + ready)
              + " other replica is known to be well; put the old value back afterwards"
              + NOTHING;
      case Verdict.Hold.LowerOrdinalFirst(String other) ->
          other + " of the same StatefulSet comes first, lowest ordinal first" + NOTHING;
      case Verdict.Hold.AnotherRecoveryInFlight(String other) ->
          other
              + " of the same StatefulSet is being refloated, one at a time; if that lasts, see its Events"
              + NOTHING;
      case Verdict.Hold.Cooldown(String claim, int attempt, Duration cooldown, Instant over) ->
          cooldown(pod, claim, attempt, cooldown, over) + NOTHING;
      case Verdict.Hold.BrakeOn(List<String> lost, int nodes, var brake) ->
          "too much is lost at once: "
              + lost.size()
              + " of "
              + nodes
              + " nodes ("
              + firstFew(lost)
              + "), the brake is at "
              + brake
              + "; bring the nodes back. Raising REFLOAT_BRAKE lets every held pod of the cluster go on: only if the machines are known to be off"
              + NOTHING;
      case Verdict.Hold.TooManyAtOnce(int inFlight, int most) ->
          (inFlight == 1 ? "1 recovery is" : inFlight + " recoveries are")
              + " under way or about to begin, at most "
              + most
              + " at once (REFLOAT_MAX_CONCURRENT)"
              + NOTHING;
      case Verdict.Hold.RateLimited(Instant next) ->
          "enough recoveries were begun this minute (REFLOAT_RECOVERIES_PER_MINUTE), next at "
              + time(next)
              + NOTHING;
    };
  }

  private static String cooldown(
      ObjectId pod, String claim, int attempt, Duration cooldown, Instant over) {
    return "skipping to avoid loop: its claim "
        + claim
        + (attempt == 0 ? " was made" : " was made by recovery " + attempt)
        + " less than "
        + Durations.print(cooldown)
        + " ago, so it is left until "
        + time(over)
        + (attempt == 0
            ? ""
            : "; the count starts anew once the pod has been Ready for "
                + Durations.print(cooldown.multipliedBy(2)))
        + "; to go on now: `kubectl annotate pvc -n "
        + pod.namespace()
        + " "
        + claim
        + " refloat.dev/attempt"
        + (attempt == 0 ? "=0`" : "-`");
  }

  private static String siblings(int ready, int required, int others) {
    return ready
        + " of "
        + others
        + " other replicas "
        + (ready == 1 ? "is" : "are")
        + " Ready, "
        + (required == others ? "all " : "at least ")
        + required
        + " must be (refloat.dev/min-ready)";
  }
}
