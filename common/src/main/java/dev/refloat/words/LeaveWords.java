package dev.refloat.words;

import static dev.refloat.words.Phrases.cut;
import static dev.refloat.words.Phrases.deleteClaim;
import static dev.refloat.words.Phrases.deletePod;
import static dev.refloat.words.Phrases.firstFew;
import static dev.refloat.words.Phrases.retain;
import static dev.refloat.words.Phrases.states;
import static dev.refloat.words.Phrases.time;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Mistake;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why a pod is left alone, and what a person can do. */
final class LeaveWords {

  private LeaveWords() {}

  static String of(ObjectId pod, Verdict.Leave leave) {
    return switch (leave) {
      case Verdict.Leave.NotOptedIn() ->
          "it is not opted in (annotate the StatefulSet's pod template with refloat.dev/recover to change that)";
      case Verdict.Leave.OptInMalformed(String where, List<Mistake> mistakes) ->
          "the opt-in of its "
              + where
              + " makes no sense: "
              + firstFew(mistakes.stream().map(LeaveWords::mistake).toList(), 3)
              + "; mend it in the StatefulSet's template, then delete the pod";
      case Verdict.Leave.PolicyDiffers(String onPod, String template) ->
          "the pod says \""
              + onPod
              + "\" but its StatefulSet's template says \""
              + template
              + "\"; delete the pod to bring it up to date (one below the set's partition comes back as it is: lower the partition first)";
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
              + " for it; if this lasts, the pods that make room for it there do not end, or the provisioner does not answer: see the Events of the pod and of its claims";
      case Verdict.Leave.ClaimMissing(String claim) ->
          "its claim "
              + claim
              + " does not exist and is not from a template of its StatefulSet; if it is an ephemeral volume of the pod, delete the pod, else create the claim";
      case Verdict.Leave.ClaimUnbound(String claim, Optional<String> node) ->
          "its claim "
              + claim
              + " has no volume yet, so there is nothing to give up"
              + node.map(name -> " (node " + name + " was chosen to make it)").orElse("")
              + "; see the claim's Events for what it waits for";
      case Verdict.Leave.VolumeMissing(String claim, String volume) ->
          "volume "
              + volume
              + " of its claim "
              + claim
              + " does not exist, and neither the claim's phase nor its class proves that it was a local one; if it is not coming back, delete claim and pod by hand";
      case Verdict.Leave.BindingInconsistent(String claim, String volume, String evidence) ->
          "claim "
              + claim
              + " and volume "
              + volume
              + " do not belong together: "
              + evidence
              + "; find out whose data the volume holds before anything is deleted";
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
              + time(registered)
              + ", after volume "
              + volume
              + " was made at "
              + time(made)
              + "; look on the machine whether the data is there. If it is another machine under the same name, give the claim up by hand: keep the volume by "
              + retain(volume)
              + ", then "
              + deleteClaim(pod.namespace(), claim)
              + " and "
              + deletePod(pod.namespace(), pod.name());
      case Verdict.Leave.DriverNotRegistered(String claim, String label, List<String> nodes) ->
          "nothing matches the volume of claim "
              + claim
              + ", but "
              + firstFew(nodes)
              + (nodes.size() == 1 ? " is" : " are")
              + " there without the label "
              + label
              + ", which its storage driver sets some time after a node is registered; see that the driver runs there";
      case Verdict.Leave.ConflictingPins(List<String> claims) ->
          "its claims are on different healthy nodes ("
              + String.join("; ", claims)
              + "); decide by hand which to give up, and set its volume to Retain before you delete claim and pod";
      case Verdict.Leave.NodeStillRegistered(String claim, String node, String evidence) ->
          "node " + node + " of its claim " + claim + " is not proved gone: " + evidence;
      case Verdict.Leave.StateNotOptedIn(String claim, String what, var states, var optedIn) ->
          what
              + " of its claim "
              + claim
              + " is "
              + states(states)
              + ", but the opt-in names "
              + states(optedIn)
              + " only (refloat.dev/recover), so the pod waits until "
              + untilItTakesPods(states, optedIn);
      case Verdict.Leave.ClaimNotFromTemplate(String claim) ->
          "its claim "
              + claim
              + " is not from a template of its StatefulSet, so nobody would make it again; decide by hand whether its data is needed";
      case Verdict.Leave.ClaimEphemeral(String claim) ->
          "its claim " + claim + " is an ephemeral volume and belongs to the pod; delete the pod";
    };
  }

  /** A machine that is up must not be advised away. */
  private static String untilItTakesPods(Set<LostState> states, Set<LostState> optedIn) {
    if (states.contains(LostState.NOT_READY)) {
      return "the node is back"
          + (optedIn.contains(LostState.GONE)
              ? ", or until its Node object is deleted because the machine is off for good"
              : "");
    }
    if (states.contains(LostState.GONE)) {
      return "it is back";
    }
    return "the node takes pods again (kubectl uncordon, or take the taint off)";
  }

  private static String mistake(Mistake mistake) {
    return new Mistake(mistake.annotation(), cut(mistake.value(), 60), cut(mistake.expected(), 140))
        .toString();
  }
}
