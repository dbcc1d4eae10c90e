package dev.refloat.recovery;

import dev.refloat.optin.Names;
import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Objects to every pod that nobody asked us to look after, or that nobody would make again.
 *
 * <p>The label is only an index: everything is derived anew from the pod and its live StatefulSet.
 * Answers for S30, S37, S38, S54.
 */
final class Ours implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    Pod pod = situation.pod();
    OptInReading onPod = OptInReader.read(pod.annotations());
    if (onPod instanceof OptInReading.Malformed(var mistakes)) {
      return Optional.of(new Verdict.Leave.OptInMalformed("pod", mistakes));
    }
    Optional<OwningSet> live = liveSet(situation);
    if (live.isEmpty()) {
      return onPod instanceof OptInReading.No
          ? Optional.of(new Verdict.Leave.NotOptedIn())
          : Optional.of(new Verdict.Leave.NoStatefulSet(controllerOf(pod)));
    }
    OwningSet set = live.get();
    OptInReading onTemplate = OptInReader.read(set.templateAnnotations());
    if (onTemplate instanceof OptInReading.Malformed(var mistakes)) {
      return Optional.of(new Verdict.Leave.OptInMalformed("template", mistakes));
    }
    if (onPod instanceof OptInReading.No && onTemplate instanceof OptInReading.No) {
      return Optional.of(new Verdict.Leave.NotOptedIn());
    }
    if (!onPod.equals(onTemplate)) {
      return Optional.of(new Verdict.Leave.PolicyDiffers(print(onPod), print(onTemplate)));
    }
    return paused(situation, set).or(() -> removed(situation, set));
  }

  private static Optional<OwningSet> liveSet(Situation situation) {
    return situation
        .owner()
        .filter(
            set ->
                situation
                    .pod()
                    .controller()
                    .filter(owner -> owner.isStatefulSet() && owner.uid().equals(set.id().uid()))
                    .isPresent());
  }

  private static Optional<Verdict> paused(Situation situation, OwningSet set) {
    if (Names.isPaused(set.annotations())) {
      return Optional.of(new Verdict.Leave.Paused("StatefulSet " + set.id()));
    }
    if (Names.isPaused(situation.namespaceAnnotations())) {
      return Optional.of(new Verdict.Leave.Paused("Namespace " + set.id().namespace()));
    }
    return Optional.empty();
  }

  private static Optional<Verdict> removed(Situation situation, OwningSet set) {
    if (set.terminating()) {
      return Optional.of(
          new Verdict.Leave.BeingRemoved("StatefulSet " + set.id() + " is being deleted"));
    }
    if (situation.namespaceTerminating()) {
      return Optional.of(
          new Verdict.Leave.BeingRemoved(
              "Namespace " + set.id().namespace() + " is being deleted"));
    }
    OptionalInt ordinal = set.ordinalOf(situation.pod().name());
    if (ordinal.isEmpty() || !set.wants(ordinal.getAsInt())) {
      return Optional.of(
          new Verdict.Leave.BeingRemoved(
              "StatefulSet " + set.id() + wanted(set) + ", so this pod is being removed"));
    }
    return Optional.empty();
  }

  private static String wanted(OwningSet set) {
    return set.replicas() == 0
        ? " is scaled to 0"
        : " wants ordinals " + set.start() + " to " + (set.start() + set.replicas() - 1) + " only";
  }

  private static String controllerOf(Pod pod) {
    return pod.controller()
        .map(owner -> owner.kind() + " " + owner.name() + " of UID " + owner.uid())
        .orElse("none");
  }

  private static String print(OptInReading reading) {
    return switch (reading) {
      case OptInReading.No() -> "not opted in";
      case OptInReading.Yes(OptIn optIn) -> optIn.toString();
      case OptInReading.Malformed(var mistakes) -> mistakes.toString();
    };
  }
}
