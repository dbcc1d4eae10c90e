package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Mistake;
import dev.refloat.settings.Percentage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * What to do about one pod, with the evidence for it.
 *
 * <p>A closed set: the simple name of each record is its {@link #reason()}, which is a log value,
 * an Event reason, a metric label and a section of {@code docs/diagnoses.md}.
 */
public sealed interface Verdict {

  /** The name of the verdict for machines: log value, Event reason, metric label. */
  default String reason() {
    return getClass().getSimpleName();
  }

  /** Not ours to touch, or another cause. Nothing changes it but a change of the objects. */
  sealed interface Leave extends Verdict {

    record NotOptedIn() implements Leave {}

    /** What the opt-in says makes no sense. {@code where} is {@code pod} or {@code template}. */
    record OptInMalformed(String where, List<Mistake> mistakes) implements Leave {}

    /** The pod and the live template want different things (S54). */
    record PolicyDiffers(String pod, String template) implements Leave {}

    /** {@code refloat.dev/paused} on {@code where}. */
    record Paused(String where) implements Leave {}

    /** The pod has no live StatefulSet of that UID, so nobody would make it again (S30). */
    record NoStatefulSet(String controller) implements Leave {}

    /** The set, its namespace or this ordinal is on its way out (S37). */
    record BeingRemoved(String what) implements Leave {}

    record NotPending(String phase) implements Leave {}

    /** Bound to a node: whatever it waits for, it is not its volume (S06). */
    record HasNode(String node) implements Leave {}

    record Terminating() implements Leave {}

    /** It waits for its scheduling gates (S05). */
    record Gated() implements Leave {}

    /** The scheduler means to use a node (S05). */
    record Nominated(String node) implements Leave {}

    /** A claim that is not from a template is missing. */
    record ClaimMissing(String claim) implements Leave {}

    /**
     * The claim has no volume: nothing to delete (S08).
     *
     * @param selectedNode the node that is to make it, which is not gone
     */
    record ClaimUnbound(String claim, Optional<String> selectedNode) implements Leave {}

    /** The claim's volume answers 404, and nothing says that it was a local one (S39). */
    record VolumeMissing(String claim, String volume) implements Leave {}

    /** Claim and volume do not name each other (S36). */
    record BindingInconsistent(String claim, String volume, String evidence) implements Leave {}

    record NoLocalVolume() implements Leave {}

    /** Local by kind, but not on one node (S03). */
    record NotOneNode(String claim, String affinity) implements Leave {}

    /** The volume can be reached: the cause is another one (S01, S02). */
    record PinnedNodeHealthy(String claim, String node) implements Leave {}

    /**
     * The node is there, but was registered after the volume was made: under the same name it may
     * be another machine, with another disk (S10).
     *
     * @param registeredAt when the Node was made
     * @param madeAt when the volume was made
     */
    record PinnedNodeReplaced(
        String claim, String node, Instant registeredAt, String volume, Instant madeAt)
        implements Leave {}

    /** Two claims on two healthy nodes (S07). */
    record ConflictingPins(List<String> claims) implements Leave {

      public ConflictingPins {
        claims = List.copyOf(claims);
      }
    }

    /**
     * A node that was just registered has not got the label yet that the volume is pinned by; it
     * may be the one (S11).
     *
     * @param label the key that the volume is pinned by
     */
    record DriverNotRegistered(String claim, String label, List<String> nodes) implements Leave {

      public DriverNotRegistered {
        nodes = List.copyOf(nodes);
      }
    }

    /** Nothing matches the volume, but the node is not gone (S11). */
    record NodeStillRegistered(String claim, String node, String evidence) implements Leave {}

    /**
     * The claim is lost in a way that the opt-in does not name.
     *
     * @param what what is lost: {@code node n1}
     */
    record StateNotOptedIn(
        String claim, String what, NavigableSet<LostState> states, NavigableSet<LostState> optedIn)
        implements Leave {}

    /** The claim is not one that the set would make again (S31). */
    record ClaimNotFromTemplate(String claim) implements Leave {}

    /** The claim belongs to the pod (S32). */
    record ClaimEphemeral(String claim) implements Leave {}
  }

  /** Ours, but not yet. */
  sealed interface Hold extends Verdict {

    /**
     * When it is worth another look without any change; empty = nothing but a change or a person
     * helps.
     */
    default Optional<Instant> until() {
      return Optional.empty();
    }

    /** The claim is going: wait for what its finalizers wait for (S43, S56). */
    record ClaimTerminating(String claim, List<String> finalizers) implements Hold {

      public ClaimTerminating {
        finalizers = List.copyOf(finalizers);
      }
    }

    /** The claim of a template is not there, which the set may be about to mend (S56). */
    record ClaimAbsent(String claim, Instant lookAgain) implements Hold {

      @Override
      public Optional<Instant> until() {
        return Optional.of(lookAgain);
      }
    }

    /** The node has only taints that pass by themselves (S14). */
    record NodeNotSettled(String claim, String node, List<String> taints) implements Hold {

      public NodeNotSettled {
        taints = List.copyOf(taints);
      }
    }

    /** {@code what}: what is lost, for instance {@code node n1}. */
    record GracePeriod(String claim, String what, LostState state, Instant since, Instant over)
        implements Hold {

      @Override
      public Optional<Instant> until() {
        return Optional.of(over);
      }
    }

    /** Somebody else uses the claim (S33). */
    record ClaimInUse(String claim, List<String> pods) implements Hold {

      public ClaimInUse {
        pods = List.copyOf(pods);
      }
    }

    /** Somebody else has a say in the claim's end (S43). */
    record ForeignFinalizer(String claim, List<String> finalizers) implements Hold {

      public ForeignFinalizer {
        finalizers = List.copyOf(finalizers);
      }
    }

    /** It provably fits nowhere else (S45). {@code ruledOut}: a line for each node. */
    record NowhereToGo(List<String> ruledOut) implements Hold {

      public NowhereToGo {
        ruledOut = List.copyOf(ruledOut);
      }
    }

    /**
     * The class binds at once, and a free volume that fits lies on a node that cannot take the pod:
     * the new claim could get that one, and be stranded again (S45).
     */
    record FreeVolumeOnLostNode(String claim, String storageClass, String volume) implements Hold {}

    record SiblingsNotReady(int ready, int required, int others, List<String> missing)
        implements Hold {

      public SiblingsNotReady {
        missing = List.copyOf(missing);
      }
    }

    /** The missing siblings are made only after this pod (S22): this never ends by itself. */
    record SiblingsWaitForThisPod(int ready, int required, int others) implements Hold {}

    record LowerOrdinalFirst(String pod) implements Hold {}

    record AnotherRecoveryInFlight(String pod) implements Hold {}

    /** Loop guard (S46). {@code attempt} 0: made lately, but by none of our recoveries. */
    record Cooldown(String claim, int attempt, Duration cooldown, Instant over) implements Hold {

      @Override
      public Optional<Instant> until() {
        return Optional.of(over);
      }
    }

    /** So much of the cluster is lost that the mistake may be ours (S21). */
    record BrakeOn(List<String> lost, int nodes, Percentage brake) implements Hold {

      public BrakeOn {
        lost = List.copyOf(lost);
      }
    }

    record TooManyAtOnce(int inFlight, int most) implements Hold {}

    record RateLimited(Instant next) implements Hold {

      @Override
      public Optional<Instant> until() {
        return Optional.of(next);
      }
    }
  }

  /** Give the volumes up, in exactly these steps. */
  record Recover(Plan plan) implements Verdict {}
}
