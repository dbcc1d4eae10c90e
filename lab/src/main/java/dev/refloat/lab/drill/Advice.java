package dev.refloat.lab.drill;

import dev.refloat.optin.Data;
import dev.refloat.optin.LostState;
import dev.refloat.optin.Names;
import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReading;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one would do about an app's settings before its node is lost.
 *
 * @param what to do
 * @param why it helps
 */
record Advice(String what, String why) {

  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** A pod that bears them for ever is not evicted from a silent node, so it is never Pending. */
  private static final Set<String> OF_SILENT_NODES =
      Set.of("node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready");

  /**
   * Returns what to advise.
   *
   * @param storageClass of the first claim template, if it is there
   */
  static List<Advice> about(
      StatefulSet set, OptInReading reading, Optional<StorageClass> storageClass) {
    List<Advice> advice = new ArrayList<>();
    PodSpec spec = set.getSpec().getTemplate().getSpec();
    int replicas = Optional.ofNullable(set.getSpec().getReplicas()).orElse(1);
    if (replicas == 1) {
      advice.add(
          new Advice(
              "run more than one replica, if the application copies its data",
              "with one, what its node has is lost with the node"));
    } else if (!keepsReplicasApart(spec)) {
      advice.add(
          new Advice(
              "podAntiAffinity, required, on " + HOSTNAME,
              "two replicas on one node are lost together"));
    }
    switch (reading) {
      case OptInReading.Yes(OptIn optIn) -> advice.addAll(about(optIn, storageClass));
      case OptInReading.No() ->
          advice.add(
              new Advice(
                  Names.RECOVER + " in the pod template",
                  "without it a pod whose node is lost stays Pending"));
      case OptInReading.Malformed(var mistakes) ->
          mistakes.forEach(
              mistake -> advice.add(new Advice(mistake.toString(), "nothing is done until then")));
    }
    if (toleratesSilence(spec)) {
      advice.add(
          new Advice(
              "no toleration of "
                  + String.join(" and ", OF_SILENT_NODES.stream().sorted().toList())
                  + " without tolerationSeconds",
              "such a pod is never evicted from a silent node, so nobody makes it anew"));
    }
    storageClass
        .filter(each -> !"WaitForFirstConsumer".equals(each.getVolumeBindingMode()))
        .ifPresent(
            each ->
                advice.add(
                    new Advice(
                        "volumeBindingMode WaitForFirstConsumer in class "
                            + each.getMetadata().getName(),
                        "otherwise the volume's node is chosen before the pod's")));
    return List.copyOf(advice);
  }

  private static List<Advice> about(OptIn optIn, Optional<StorageClass> storageClass) {
    List<Advice> advice = new ArrayList<>();
    if (optIn.states().equals(Set.of(LostState.GONE))) {
      advice.add(
          new Advice(
              "on bare metal: delete the Node of a machine that is dead, or taint it out-of-service",
              "the opt-in is for node-gone only, and a machine that is off keeps its Node"));
    }
    if (optIn.data() == Data.DISCARD
        && storageClass.filter(each -> !"Retain".equals(each.getReclaimPolicy())).isPresent()) {
      advice.add(
          new Advice(
              Names.DATA + ": keep, unless the disk's space is needed",
              "with discard the class's reclaim policy wipes the old volume"));
    }
    return advice;
  }

  private static boolean keepsReplicasApart(PodSpec spec) {
    return Optional.ofNullable(spec.getAffinity())
        .flatMap(affinity -> Optional.ofNullable(affinity.getPodAntiAffinity()))
        .stream()
        .flatMap(
            anti ->
                Optional.ofNullable(anti.getRequiredDuringSchedulingIgnoredDuringExecution())
                    .orElse(List.of())
                    .stream())
        .anyMatch(term -> HOSTNAME.equals(term.getTopologyKey()));
  }

  private static boolean toleratesSilence(PodSpec spec) {
    return Optional.ofNullable(spec.getTolerations()).orElse(List.of()).stream()
        .anyMatch(Advice::isOfSilence);
  }

  private static boolean isOfSilence(Toleration toleration) {
    boolean anyEffect =
        toleration.getEffect() == null
            || toleration.getEffect().isEmpty()
            || toleration.getEffect().equals("NoExecute");
    boolean meant =
        toleration.getKey() == null
            || toleration.getKey().isEmpty()
            || OF_SILENT_NODES.contains(toleration.getKey());
    return anyEffect && meant && toleration.getTolerationSeconds() == null;
  }
}
