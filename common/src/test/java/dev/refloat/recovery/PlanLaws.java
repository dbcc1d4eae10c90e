package dev.refloat.recovery;

import dev.refloat.recovery.Oracle.Law;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the steps are, in which order, and by what they are guarded. */
final class PlanLaws {

  static final List<Law> ALL =
      List.of(
          new Law("S40 every step names a UID and a resourceVersion", PlanLaws::guarded),
          new Law("S40 no step is done twice", PlanLaws::nothingTwice),
          new Law("the pod goes last, and nothing else of its kind", PlanLaws::podLast),
          new Law("S34 what can be reached is not given up", PlanLaws::reachableIsKept),
          new Law("S44 keep: the volume before its claim", PlanLaws::keptBeforeDeleted),
          new Law("S44 S55 what is kept is the volume of a deleted claim", PlanLaws::keptIsOwn),
          new Law("discard: no volume is modified", PlanLaws::discardModifiesNothing),
          new Law("S58 a kept volume says whose it was, and its policy", PlanLaws::kept),
          new Law("S56 the pod alone: templates' claims were absent for 5 s", PlanLaws::halfDone));

  private PlanLaws() {}

  static boolean guarded(Recovery it) {
    return it.plan().steps().stream()
        .map(Plan.Step::target)
        .noneMatch(id -> id.uid().isBlank() || id.resourceVersion().isBlank());
  }

  static boolean nothingTwice(Recovery it) {
    Set<Plan.Step> steps = new HashSet<>(it.plan().steps());
    return steps.size() == it.plan().steps().size();
  }

  static boolean podLast(Recovery it) {
    List<Plan.Step> steps = it.plan().steps();
    long pods = steps.stream().filter(Plan.Step.DeletePod.class::isInstance).count();
    return pods == 1 && steps.getLast().equals(new Plan.Step.DeletePod(it.world().pod().id()));
  }

  static boolean reachableIsKept(Recovery it) {
    return it.world().storage().stream()
        .filter(PodStorage.Present.class::isInstance)
        .map(PodStorage.Present.class::cast)
        .filter(
            each ->
                it.world().cluster().nodes().stream()
                    .anyMatch(
                        node ->
                            Plain.usable(each.volume(), node)
                                && Plain.takes(node, it.world().pod())))
        .noneMatch(it::deletes);
  }

  static boolean keptBeforeDeleted(Recovery it) {
    if (!it.givesUp() || !it.wanted().keep()) {
      return true;
    }
    for (PodStorage.Present each : it.lostVolumes()) {
      int kept = -1;
      int deleted = -1;
      for (int i = 0; i < it.plan().steps().size(); i++) {
        switch (it.plan().steps().get(i)) {
          case Plan.Step.KeepData(ObjectId id, _, _) when id.equals(each.volume().id()) -> kept = i;
          case Plan.Step.DeleteClaim(ObjectId id, _) when id.equals(each.claim().id()) ->
              deleted = i;
          case Plan.Step.KeepData _, Plan.Step.DeleteClaim _, Plan.Step.DeletePod _ -> {}
        }
      }
      if (kept < 0 || kept > deleted) {
        return false;
      }
    }
    return true;
  }

  static boolean keptIsOwn(Recovery it) {
    return it.plan().steps().stream()
        .filter(Plan.Step.KeepData.class::isInstance)
        .allMatch(
            step ->
                it.lostVolumes().stream()
                    .anyMatch(each -> each.volume().id().equals(step.target())));
  }

  static boolean discardModifiesNothing(Recovery it) {
    return it.wanted().keep()
        || it.plan().steps().stream().noneMatch(Plan.Step.KeepData.class::isInstance);
  }

  static boolean kept(Recovery it) {
    for (Plan.Step step : it.plan().steps()) {
      if (step instanceof Plan.Step.KeepData(ObjectId id, String policyWas, Plan.KeptFor owner)) {
        PodStorage.Present from =
            it.lostVolumes().stream()
                .filter(each -> each.volume().id().equals(id))
                .findAny()
                .orElseThrow();
        String first =
            from.volume().policyBeforeKept().isPresent()
                ? from.volume().policyBeforeKept().get()
                : from.volume().reclaimPolicy();
        ObjectId claim = from.claim().id();
        Plan.KeptFor expected =
            new Plan.KeptFor(
                claim.namespace(), claim.name(), claim.uid(), it.set().id().name(), it.ordinal());
        if (!policyWas.equals(first) || !owner.equals(expected)) {
          return false;
        }
      }
    }
    return true;
  }

  static boolean halfDone(Recovery it) {
    List<PodStorage.ClaimAbsent> absent =
        it.world().storage().stream()
            .filter(PodStorage.ClaimAbsent.class::isInstance)
            .map(PodStorage.ClaimAbsent.class::cast)
            .toList();
    boolean allSettled =
        absent.stream().allMatch(each -> each.observedFor().compareTo(Duration.ofSeconds(5)) >= 0);
    return it.givesUp()
        || (!absent.isEmpty() && absent.stream().allMatch(it::fromTemplate) && allSettled);
  }
}
