package dev.refloat.lab.drill;

import dev.refloat.lab.drill.run.Script;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The StatefulSets' pods and the claims of the namespace that a drill is not about, with what must
 * not change of them.
 */
record Surroundings(Map<String, String> pods, Map<String, String> claims) {

  static Surroundings of(App app) {
    return of(app, Set.of());
  }

  /**
   * The same without what suffers from nodes that fail.
   *
   * @param nodes by name
   */
  static Surroundings of(App app, Set<String> nodes) {
    String about = app.podName(); // asks the API server
    Map<String, String> pods = new TreeMap<>();
    for (Pod pod : app.client().pods().inNamespace(app.namespace()).list().getItems()) {
      if (isOfASet(pod)
          && !pod.getMetadata().getName().equals(about)
          && !nodes.contains(String.valueOf(pod.getSpec().getNodeName()))) {
        pods.put(pod.getMetadata().getName(), App.uid(pod));
      }
    }
    Map<String, String> claims = new TreeMap<>();
    Set<String> own = app.claimUids(List.of(about)).keySet();
    for (PersistentVolumeClaim claim :
        app.client().persistentVolumeClaims().inNamespace(app.namespace()).list().getItems()) {
      if (!own.contains(claim.getMetadata().getName())) {
        claims.put(
            claim.getMetadata().getName(),
            "%s on %s".formatted(App.uid(claim), claim.getSpec().getVolumeName()));
      }
    }
    return new Surroundings(pods, claims);
  }

  /** Others come and go, and Refloat has nothing to do with them. */
  private static boolean isOfASet(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getKind().equals("StatefulSet"));
  }

  /** Holds the namespace to what it was. */
  void checkUntouched(App app, Script script) {
    Surroundings now = of(app); // what was not there before does not matter
    check(script, "no other pod was touched", pods, now.pods());
    check(script, "no other claim was touched", claims, now.claims());
  }

  private static void check(
      Script script, String what, Map<String, String> before, Map<String, String> now) {
    List<String> changed = new ArrayList<>();
    before.forEach(
        (name, state) -> {
          if (!state.equals(now.get(name))) {
            changed.add("%s: %s, was %s".formatted(name, now.get(name), state));
          }
        });
    script.check(
        what,
        before.size() + " as before",
        changed.isEmpty() ? before.size() + " as before" : String.join("; ", changed),
        changed.isEmpty());
  }
}
