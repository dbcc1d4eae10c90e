package dev.refloat.words;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Mistake;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Verdict;
import dev.refloat.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A verdict in words, for a person who has just been woken up. */
public final class Words {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final String NOTHING = "; nothing was deleted";

  private Words() {}

  /** One sentence or two, without a line break, that begin with what is done about {@code pod}. */
  public static String of(String pod, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Leave leave -> "leaving " + pod + " alone: " + leave(leave);
      case Verdict.Hold hold -> "holding " + pod + ": " + hold(hold) + NOTHING;
      case Verdict.Recover(Plan plan) -> "refloating " + pod + ": " + plan.why();
    };
  }

  private static String leave(Verdict.Leave leave) {
    return switch (leave) {
      case Verdict.Leave.NotOptedIn() ->
          "it is not opted in (annotate the StatefulSet's pod template with refloat.dev/recover to change that)";
      case Verdict.Leave.OptInMalformed(String where, List<Mistake> mistakes) ->
          "the opt-in of its "
              + where
              + " makes no sense: "
              + firstFew(mistakes.stream().map(Words::mistake).toList(), 3)
              + "; mend it in the StatefulSet's template";
      case Verdict.Leave.PolicyDiffers(String pod, String template) ->
          "the pod says \""
              + pod
              + "\" but its StatefulSet's template says \""
              + template
              + "\"; delete the pod to bring it up to date";
      case Verdict.Leave.Paused(String where) ->
          where + " is paused (refloat.dev/paused); remove the annotation to go on";
      case Verdict.Leave.NoStatefulSet(String controller) ->
          "no live StatefulSet would make it again (its controller: " + controller + ")";
      case Verdict.Leave.BeingRemoved(String what) -> what;
      case Verdict.Leave.NotPending(String phase) ->
          "it is " + phase + "; Only processing Pending pods";
      case Verdict.Leave.HasNode(String node) ->
          "it is bound to node " + node + "; Only processing Pending pods without a node";
      case Verdict.Leave.Terminating() -> "it is being deleted already";
      case Verdict.Leave.Gated() -> "it waits for its scheduling gates (spec.schedulingGates)";
      case Verdict.Leave.Nominated(String node) ->
          "the scheduler has nominated node "
              + node
              + " for it and gets its volumes ready; if this lasts, the provisioner does not answer, see the Events of its claims";
      case Verdict.Leave.ClaimMissing(String claim) ->
          "its claim "
              + claim
              + " does not exist and is not from a template of its StatefulSet; create the claim";
      case Verdict.Leave.ClaimUnbound(String claim, Optional<String> node) ->
          "its claim "
              + claim
              + " has no volume yet, so there is nothing to give up"
              + node.map(name -> " (node " + name + ", which is there, is to make it)").orElse("")
              + "; see the claim's Events for what it waits for";
      case Verdict.Leave.VolumeMissing(String claim, String volume) ->
          "volume "
              + volume
              + " of its claim "
              + claim
              + " does not exist, and neither the claim's phase nor its class proves that it was a local one; if it is not coming back, delete claim and pod by hand";
      case Verdict.Leave.BindingInconsistent(String claim, String volume, String evidence) ->
          "claim " + claim + " and volume " + volume + " do not belong together: " + evidence;
      case Verdict.Leave.NoLocalVolume() ->
          "none of its volumes is local, so none is lost with a node";
      case Verdict.Leave.NotOneNode(String claim, String affinity) ->
          "the volume of claim "
              + claim
              + " is not pinned to one node (node affinity: "
              + cut(affinity, 300)
              + ")";
      case Verdict.Leave.PinnedNodeHealthy(String claim, String node) ->
          "the node of its claim "
              + claim
              + " is there: "
              + node
              + " is Ready and takes pods, so something else keeps the pod from it (full, a selector, a taint); see the pod's Events";
      case Verdict.Leave.PinnedNodeReplaced(
              String claim,
              String node,
              Instant registered,
              String volume,
              Instant made) ->
          "the node of its claim "
              + claim
              + " is there: "
              + node
              + " is Ready and takes pods, but it was registered at "
              + date(registered)
              + ", after volume "
              + volume
              + " was made at "
              + date(made)
              + "; if it is another machine under the same name, the data is not on it, and claim and pod must be deleted by hand";
      case Verdict.Leave.DriverNotRegistered(String claim, String label, List<String> nodes) ->
          "nothing matches the volume of claim "
              + claim
              + ", but "
              + firstFew(nodes)
              + (nodes.size() == 1 ? " is" : " are")
              + " there without the label "
              + label
              + ", which its storage driver sets some time after a node is registered";
      case Verdict.Leave.ConflictingPins(List<String> claims) ->
          "its claims are on different healthy nodes ("
              + String.join("; ", claims)
              + "); decide by hand which to give up";
      case Verdict.Leave.NodeStillRegistered(String claim, String node, String evidence) ->
          "nothing matches the volume of claim "
              + claim
              + ", but node "
              + node
              + " is not gone: "
              + evidence;
      case Verdict.Leave.StateNotOptedIn(String claim, String what, var states, var optedIn) ->
          what
              + " of its claim "
              + claim
              + " is "
              + states(states)
              + ", but the opt-in names "
              + states(optedIn)
              + " only (refloat.dev/recover)";
      case Verdict.Leave.ClaimNotFromTemplate(String claim) ->
          "its claim "
              + claim
              + " is not from a template of its StatefulSet, so nobody would make it again; delete it by hand if you can";
      case Verdict.Leave.ClaimEphemeral(String claim) ->
          "its claim " + claim + " is an ephemeral volume and belongs to the pod; delete the pod";
    };
  }

  private static String hold(Verdict.Hold hold) {
    return switch (hold) {
      case Verdict.Hold.ClaimTerminating(String claim, List<String> finalizers) ->
          "its claim " + claim + " is being deleted and waits for " + firstFew(finalizers);
      case Verdict.Hold.ClaimAbsent(String claim, Instant again) ->
          "its claim "
              + claim
              + " is not there; if the StatefulSet has not made it again by "
              + clock(again)
              + ", the pod will be deleted";
      case Verdict.Hold.NodeNotSettled(String claim, String node, List<String> taints) ->
          "node "
              + node
              + " of its claim "
              + claim
              + " is starting, stopping or under pressure ("
              + join(taints)
              + ")";
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
              + clock(since)
              + ", grace period until "
              + clock(over);
      case Verdict.Hold.ClaimInUse(String claim, List<String> pods) ->
          "its claim " + claim + " is used by " + firstFew(pods) + " as well";
      case Verdict.Hold.ForeignFinalizer(String claim, List<String> finalizers) ->
          "somebody else has a say in the end of claim "
              + claim
              + ": "
              + firstFew(finalizers)
              + " (metadata.finalizers)";
      case Verdict.Hold.NowhereToGo(List<String> ruledOut) ->
          "no node could take it with a new volume ("
              + (ruledOut.isEmpty() ? "there are no nodes" : firstFew(ruledOut))
              + "); add a node or a volume";
      case Verdict.Hold.FreeVolumeOnLostNode(String claim, String storageClass, String volume) ->
          "class "
              + storageClass
              + " binds at once and could give claim "
              + claim
              + " the free volume "
              + volume
              + ", which is on a node that cannot take the pod; delete that volume's object, or use volumeBindingMode WaitForFirstConsumer";
      case Verdict.Hold.SiblingsNotReady(
              int ready,
              int required,
              int others,
              List<String> missing) ->
          siblings(ready, required, others) + " (" + firstFew(missing) + ")";
      case Verdict.Hold.SiblingsWaitForThisPod(int ready, int required, int others) ->
          siblings(ready, required, others)
              + ", and the missing ones are made only after this pod (OrderedReady), so this does not end by itself; refloat.dev/min-ready: \"0\" in the template lets it go on, and gives this volume up while no replica is known to be well";
      case Verdict.Hold.LowerOrdinalFirst(String other) ->
          other + " of the same StatefulSet comes first, lowest ordinal first";
      case Verdict.Hold.AnotherRecoveryInFlight(String other) ->
          other + " of the same StatefulSet is being refloated, one at a time";
      case Verdict.Hold.Cooldown(String claim, int attempt, Duration cooldown, Instant over) ->
          "skipping to avoid loop: its claim "
              + claim
              + (attempt == 0
                  ? " was made less than "
                  : " was made by recovery " + attempt + " less than ")
              + Durations.print(cooldown)
              + " ago, until "
              + clock(over)
              + (attempt == 0
                  ? ""
                  : "; the count starts anew once the pod has been Ready for "
                      + Durations.print(cooldown.multipliedBy(2))
                      + "; remove the claim's annotation refloat.dev/attempt to go on now");
      case Verdict.Hold.BrakeOn(List<String> lost, int nodes, var brake) ->
          "too much is lost at once: "
              + lost.size()
              + " of "
              + nodes
              + " nodes ("
              + firstFew(lost)
              + "), the brake is at "
              + brake
              + "; bring the nodes back, or raise REFLOAT_BRAKE and restart the controller";
      case Verdict.Hold.TooManyAtOnce(int inFlight, int most) ->
          inFlight
              + " recoveries are under way, at most "
              + most
              + " at once (REFLOAT_MAX_CONCURRENT)";
      case Verdict.Hold.RateLimited(Instant next) ->
          "enough recoveries were begun this minute (REFLOAT_RECOVERIES_PER_MINUTE), next at "
              + clock(next);
    };
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

  private static String states(Collection<LostState> states) {
    return states.stream().map(LostState::word).collect(Collectors.joining(", "));
  }

  private static String join(List<?> things) {
    return things.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** Enough to act on, not a page: an Event's note has 1024 bytes. */
  private static String firstFew(List<String> things) {
    return firstFew(things, 5);
  }

  private static String firstFew(List<String> things, int most) {
    String few = things.stream().limit(most).collect(Collectors.joining("; "));
    return things.size() <= most ? few : few + "; and " + (things.size() - most) + " more";
  }

  private static String mistake(Mistake mistake) {
    return new Mistake(mistake.annotation(), cut(mistake.value(), 60), cut(mistake.expected(), 140))
        .toString();
  }

  /** What users write may be long, and may hold line breaks. */
  private static String cut(String text, int longest) {
    String line = CONTROL.matcher(text).replaceAll("?");
    return line.length() <= longest ? line : line.substring(0, longest - 3) + "...";
  }

  private static String date(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String clock(Instant instant) {
    return CLOCK.format(instant.truncatedTo(ChronoUnit.SECONDS));
  }
}
