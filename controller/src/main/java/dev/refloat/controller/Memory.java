package dev.refloat.controller;

import dev.refloat.optin.LostState;
import dev.refloat.recovery.LostClaim;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.Sightings;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Since when each stranded pod's cause has been seen. The only state that outlives a pass, and one
 * that may be lost at any time: it only ever makes a grace period start anew. Time is an argument.
 */
final class Memory {

  /**
   * @param nodes the nodes that its volumes are pinned to, as last seen; by every name that they
   *     answer to
   * @param gone those of the pinned names that are of gone nodes
   * @param watched whether since when counts, so that no return of a node may be missed
   */
  private record Remembered(
      Sightings sightings, Map<String, Optional<Node>> nodes, Set<String> gone, boolean watched) {

    /** As if it were seen for the first time. */
    Remembered anew() {
      return new Remembered(Sightings.NONE, nodes, gone, watched);
    }

    Remembered watched(boolean now) {
      return new Remembered(sightings, nodes, gone, now);
    }

    Map<String, Optional<Node>> toBeWatched() {
      return watched ? nodes : Map.of();
    }
  }

  /** By UID. */
  private final PerPod<Remembered> pods = new PerPod<>();

  /** The gone nodes of all pods, and the names that are to be watched: no look goes through all. */
  private final Counts gone = new Counts();

  private final Counts watched = new Counts();

  /** Of each name that is watched, at least. */
  private final Map<String, Optional<Node>> lastSeen = new HashMap<>();

  /** Takes what a survey saw of one pod, and returns since when it has been so. */
  synchronized Sightings seen(SetKey key, Situation situation, Instant now) {
    String uid = situation.pod().id().uid();
    Optional<Remembered> before = pods.get(key, uid);
    Sightings after =
        before.map(Remembered::sightings).orElse(Sightings.NONE).seen(situation.causes(), now);
    Map<String, Optional<Node>> nodes = new HashMap<>();
    Set<String> goneNow = new HashSet<>();
    for (LostClaim lost : situation.lostClaims()) {
      for (String name : lost.names()) {
        nodes.put(
            name,
            situation.cluster().nodes().stream()
                .filter(node -> node.name().equals(name) || node.hostname().equals(name))
                .findFirst());
      }
      if (lost.states().contains(LostState.GONE)) {
        goneNow.addAll(lost.nodes());
      }
    }
    boolean watchedBefore = before.filter(Remembered::watched).isPresent();
    remember(key, uid, new Remembered(after, nodes, Set.copyOf(goneNow), watchedBefore));
    return after;
  }

  /** Takes what was decided about it. */
  synchronized void decided(SetKey key, Situation situation, Verdict verdict) {
    String uid = situation.pod().id().uid();
    // Also when the grace is over and something else holds: it must not end unseen.
    boolean toBeWatched = !(verdict instanceof Verdict.Leave);
    // What is not watched is not known to have lasted.
    pods.get(key, uid)
        .map(pod -> toBeWatched ? pod : pod.anew())
        .ifPresent(pod -> remember(key, uid, pod.watched(toBeWatched)));
  }

  /** Forgets the pods of a set that are not among these UIDs any more. */
  synchronized void retain(SetKey key, Set<String> uids) {
    pods.retain(key, uids).forEach(this::uncount);
  }

  private void remember(SetKey key, String uid, Remembered pod) {
    pods.put(key, uid, pod).ifPresent(this::uncount);
    gone.add(pod.gone());
    watched.add(pod.toBeWatched().keySet());
    lastSeen.putAll(pod.toBeWatched());
  }

  private void uncount(Remembered pod) {
    gone.remove(pod.gone());
    watched.remove(pod.toBeWatched().keySet());
  }

  /**
   * The node of this pinned name changed, or was not watched: every grace that is about it starts
   * anew.
   */
  synchronized Set<SetKey> nodeChanged(String name) {
    Set<SetKey> concerned = new HashSet<>();
    pods.replaceAll(
        (key, pod) -> {
          if (!pod.nodes().containsKey(name)) {
            return pod;
          }
          concerned.add(key);
          return pod.anew();
        });
    return concerned;
  }

  /** Nobody was looking for a while: every grace starts anew. */
  synchronized Set<SetKey> interrupted() {
    Set<SetKey> all = new HashSet<>();
    pods.replaceAll(
        (key, pod) -> {
          all.add(key);
          return pod.anew();
        });
    return all;
  }

  /** The nodes whose return would change a verdict, as last seen. */
  synchronized Map<String, Optional<Node>> nodesToWatch() {
    lastSeen.keySet().retainAll(watched.names());
    return Map.copyOf(lastSeen);
  }

  /** Names of the gone nodes that stranded pods are pinned to. */
  synchronized Set<String> goneNodes() {
    return gone.names();
  }
}
