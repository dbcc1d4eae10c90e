package dev.refloat.lab.drill;

import dev.refloat.kube.Facts;
import dev.refloat.lab.drill.run.DrillStopped;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.optin.LostState;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A way in which a node fails, and is well again when the drill is over. */
sealed interface Failure {

  /** What Refloat calls it. */
  LostState state();

  /** What happens to the node: {@code is cordoned}. */
  String words();

  /** Whether it touches what else runs on the node. */
  boolean isFeltByOthers();

  /**
   * Looks whether more would come of it than a drill can undo.
   *
   * @throws DrillRefused if so
   */
  default void refuseIfHarmful(KubernetesClient client, String node) {}

  /** Lets a node fail. */
  void strike(KubernetesClient client, String node, Script script);

  /** Marked unschedulable. */
  record Cordon() implements Failure {

    @Override
    public LostState state() {
      return LostState.CORDONED;
    }

    @Override
    public String words() {
      return "is cordoned";
    }

    @Override
    public boolean isFeltByOthers() {
      return false;
    }

    @Override
    public void strike(KubernetesClient client, String node, Script script) {
      Node was = mustFind(client, node);
      if (Boolean.TRUE.equals(was.getSpec().getUnschedulable())) {
        throw new DrillStopped(node + " is cordoned already; that is not for a drill to undo");
      }
      script.change(
          node + " takes pods again",
          "kubectl uncordon " + node,
          () -> cordon(client, node, false),
          () -> cordon(client, node, true));
    }

    private static void cordon(KubernetesClient client, String node, boolean cordoned) {
      Writes.merge(
          client.nodes().withName(node),
          "{\"spec\":{\"unschedulable\":%s}}".formatted(cordoned ? "true" : "null"));
    }
  }

  /** Tainted so that no new pod comes. */
  record Taint() implements Failure {

    private static final String KEY = "drill.refloat.dev/failed";

    @Override
    public LostState state() {
      return LostState.TAINTED;
    }

    @Override
    public String words() {
      return "is tainted";
    }

    @Override
    public boolean isFeltByOthers() {
      return false;
    }

    @Override
    public void strike(KubernetesClient client, String node, Script script) {
      if (mustFind(client, node).getSpec().getTaints().stream()
          .anyMatch(taint -> KEY.equals(taint.getKey()))) {
        throw new DrillStopped(node + " has that taint already; another drill is at work there");
      }
      script.change(
          "the taint is taken off " + node,
          "kubectl taint node %s %s-".formatted(node, KEY),
          () ->
              edit(
                  client,
                  node,
                  one ->
                      one.editSpec()
                          .removeMatchingFromTaints(taint -> KEY.equals(taint.getKey()))
                          .endSpec()),
          () ->
              edit(
                  client,
                  node,
                  one -> one.editSpec().addNewTaint("NoSchedule", KEY, null, "drill").endSpec()));
    }
  }

  /** Its Node object is deleted; the machine runs on. */
  record DeleteNode() implements Failure {

    @Override
    public LostState state() {
      return LostState.GONE;
    }

    @Override
    public String words() {
      return "is deleted (the Node object)";
    }

    @Override
    public boolean isFeltByOthers() {
      return true;
    }

    /** Karpenter, for one, drains and ends a machine whose Node is deleted. */
    @Override
    public void refuseIfHarmful(KubernetesClient client, String node) {
      Node found = mustFind(client, node);
      List<String> finalizers = found.getMetadata().getFinalizers();
      if (!finalizers.isEmpty() || !found.getMetadata().getOwnerReferences().isEmpty()) {
        throw new DrillRefused(
            "Node %s has finalizers or owners (%s): somebody would act on its deletion, and perhaps end the machine"
                .formatted(node, finalizers.isEmpty() ? "owners" : String.join(", ", finalizers)));
      }
      List<String> drivers = storageDrivers(client, node);
      if (!drivers.isEmpty()) {
        throw new DrillRefused(
            "Node %s has storage drivers (%s): its CSINode would go with it, and come back only when they are restarted"
                .formatted(node, String.join(", ", drivers)));
      }
    }

    private static List<String> storageDrivers(KubernetesClient client, String node) {
      return Optional.ofNullable(client.storage().v1().csiNodes().withName(node).get())
          .flatMap(found -> Optional.ofNullable(found.getSpec().getDrivers()))
          .orElse(List.of())
          .stream()
          .map(CSINodeDriver::getName)
          .toList();
    }

    @Override
    public void strike(KubernetesClient client, String node, Script script) {
      Node was = mustFind(client, node);
      script.change(
          "Node " + node + " is there again",
          "restart the kubelet of %s, and put its labels and taints back: %s %s"
              .formatted(node, was.getMetadata().getLabels(), was.getSpec().getTaints()),
          () -> makeAgain(client, was),
          () -> {
            var _ = client.nodes().withName(node).delete();
          });
    }
  }

  /**
   * Its power fails.
   *
   * @param forGood its Node is deleted as well, as clouds do and people should
   */
  record PowerOff(Power power, boolean forGood) implements Failure {

    /** A kubelet that has gone silent is noticed after 40 s unless told otherwise. */
    private static final Duration TO_BE_NOTICED = Duration.ofMinutes(3);

    @Override
    public LostState state() {
      return forGood ? LostState.GONE : LostState.NOT_READY;
    }

    @Override
    public String words() {
      return forGood ? "is switched off, and its Node deleted" : "is switched off";
    }

    @Override
    public boolean isFeltByOthers() {
      return true;
    }

    @Override
    public void strike(KubernetesClient client, String node, Script script) {
      script.change(
          node + " is switched on",
          "lab/lab node %s power-on".formatted(node),
          () -> power.on(node),
          () -> power.off(node));
      if (forGood) {
        // Its kubelet registers it when it is on.
        script.act(
            () -> {
              var _ = client.nodes().withName(node).delete();
            });
      } else {
        script.await(
            node + " is missed",
            "its Node not Ready",
            TO_BE_NOTICED,
            () -> find(client, node).map(Facts::node),
            found -> found.filter(dev.refloat.recovery.Node::ready).isEmpty(),
            found -> found.map(one -> one.ready() ? "Ready" : "not Ready").orElse("no Node"));
      }
    }
  }

  private static Optional<Node> find(KubernetesClient client, String node) {
    return Optional.ofNullable(client.nodes().withName(node).get());
  }

  private static Node mustFind(KubernetesClient client, String node) {
    return find(client, node).orElseThrow(() -> new DrillStopped("Node " + node + " is gone"));
  }

  private static void edit(
      KubernetesClient client, String node, UnaryOperator<NodeBuilder> change) {
    Writes.edit(
        client.nodes().withName(node), found -> change.apply(new NodeBuilder(found)).build());
  }

  private static void makeAgain(KubernetesClient client, Node was) {
    String name = was.getMetadata().getName();
    if (find(client, name).isEmpty()) {
      var _ =
          client
              .nodes()
              .resource(
                  new NodeBuilder(was)
                      .editMetadata()
                      .withUid(null)
                      .withResourceVersion(null)
                      .withCreationTimestamp(null)
                      .withManagedFields(List.of())
                      .endMetadata()
                      .build())
              .create();
    } else {
      // Its kubelet was faster, and knows only its own part of the labels.
      edit(
          client,
          name,
          found ->
              found
                  .editMetadata()
                  .addToLabels(was.getMetadata().getLabels())
                  .endMetadata()
                  .editSpec()
                  .withTaints(was.getSpec().getTaints())
                  .endSpec());
    }
  }
}
