package dev.refloat.recovery;

import dev.refloat.recovery.Oracle.Law;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whose the pod is, who would make it again, and whether it waits at all. */
final class PodLaws {

  static final List<Law> ALL =
      List.of(
          new Law("S05 S06 the pod is Pending, and has no node", PodLaws::pendingWithoutNode),
          new Law("S05 the pod has no gates, and is not terminating", PodLaws::freeToRun),
          new Law("S05 the pod is not nominated for a live node", PodLaws::notNominated),
          new Law("S30 a live StatefulSet of that UID controls the pod", PodLaws::controlled),
          new Law("S37 the set wants a pod of that name", PodLaws::wanted),
          new Law("S37 neither set nor namespace is being deleted", PodLaws::nothingIsRemoved),
          new Law("S38 S54 pod and template are opted in, alike", PodLaws::optedIn),
          new Law("neither set nor namespace is paused", PodLaws::notPaused));

  private PodLaws() {}

  static boolean pendingWithoutNode(Recovery it) {
    Pod pod = it.world().pod();
    return pod.phase().equals("Pending") && pod.node().isEmpty();
  }

  static boolean freeToRun(Recovery it) {
    return !it.world().pod().gated() && !it.world().pod().terminating();
  }

  static boolean notNominated(Recovery it) {
    Optional<String> nominated = it.world().pod().nominatedNode();
    return nominated.isEmpty() || it.nodeNamed(nominated.get()).isEmpty();
  }

  static boolean controlled(Recovery it) {
    Optional<Pod.Owner> owner = it.world().pod().controller();
    return it.world().owner().isPresent()
        && owner.isPresent()
        && owner.get().kind().equals("StatefulSet")
        && owner.get().uid().equals(it.set().id().uid());
  }

  static boolean wanted(Recovery it) {
    OwningSet set = it.set();
    for (int i = 0; i < set.replicas(); i++) {
      if (it.world().pod().id().name().equals(set.id().name() + "-" + (set.start() + i))) {
        return true;
      }
    }
    return false;
  }

  static boolean nothingIsRemoved(Recovery it) {
    return !it.set().terminating() && !it.world().namespaceTerminating();
  }

  static boolean optedIn(Recovery it) {
    Optional<Wanted> byPod = Wanted.of(it.world().pod().annotations());
    Optional<Wanted> byTemplate = Wanted.of(it.set().templateAnnotations());
    return byPod.isPresent() && byPod.equals(byTemplate);
  }

  static boolean notPaused(Recovery it) {
    return !paused(it.set().annotations()) && !paused(it.world().namespaceAnnotations());
  }

  private static boolean paused(Map<String, String> annotations) {
    return !annotations.getOrDefault("refloat.dev/paused", "false").equals("false");
  }
}
