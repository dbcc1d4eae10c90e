package dev.refloat.words;

import static dev.refloat.words.Phrases.deletePod;
import static dev.refloat.words.Phrases.time;

import dev.refloat.recovery.Finding;
import java.time.Instant;

/** A finding in words: what is, why, and what a person can do. */
public final class FindingWords {

  private FindingWords() {}

  /** A few sentences without a line break, with commands that can be copied. */
  public static String of(Finding finding) {
    String name = finding.pod().name();
    return switch (finding) {
      case Finding.TerminatingOnLostNode(_, _, String node, Instant due, Instant silentSince) ->
          name
              + " should have been gone at "
              + time(due)
              + ", but its node "
              + node
              + " is not Ready and its kubelet is silent since "
              + time(silentSince)
              + ": nobody knows whether it still runs, and its StatefulSet makes no other while it is there."
              + " If the node comes back it ends by itself. If not: make sure that the machine is off, then say so by"
              + " `kubectl taint nodes "
              + node
              + " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute` or `kubectl delete node "
              + node
              + "`. Both end all pods of that node, and tell Refloat that the local volumes there may be given up; to keep them, pause first (refloat.dev/paused). Refloat never deletes a pod by force";
      case Finding.UnlabelledButStranded(var pod, _, String claim) ->
          name
              + " waits for a node, has opted in, and its claim "
              + claim
              + " is on local storage, but it has no label refloat.dev/local-storage, so Refloat does not see it:"
              + " the webhook was away when it was made, or was not asked. See that it runs, and that its registration"
              + " (`kubectl get mutatingwebhookconfiguration refloat -o yaml`) has the right caBundle and selects this namespace;"
              + " then have the pod made again by "
              + deletePod(pod.namespace(), name)
              + "; it does not run, so nothing stops";
    };
  }
}
