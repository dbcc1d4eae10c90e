package dev.refloat.lab.scheduler;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Nodes of a world, and pods of which each may run on one of them only, so that whatever the
 * scheduler says to a pod it says about that node. What is asked is asked about every node.
 */
final class Poll {

  /** On every node and, as its node selector, on every pod; its value is the node. */
  private static final String NODE = "refloat.lab/polled";

  /** On every pod: what it is about. */
  private static final String QUESTION = "refloat.lab/question";

  private static final String IS_THE_NODE_KNOWN = "is the node known?";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KubernetesClient client;
  private final String namespace;
  private final Map<String, Node> nodes;

  private Poll(KubernetesClient client, String namespace, Map<String, Node> nodes) {
    this.client = client;
    this.namespace = namespace;
    this.nodes = nodes;
  }

  /**
   * Adds the nodes to the world and returns once the scheduler has put a pod on each, so that it
   * knows them all: from then on a no is a no.
   */
  static Poll among(ControlPlane controlPlane, World world, List<LabNode> nodes) {
    nodes.forEach(node -> world.add(node.label(NODE, node.name())));
    Map<String, Node> live = new TreeMap<>();
    nodes.forEach(node -> live.put(node.name(), world.node(node.name()).orElseThrow()));
    Poll poll = new Poll(controlPlane.client(), world.namespace(), live);
    poll.ask(
        IS_THE_NODE_KNOWN,
        new PodSpecBuilder().addNewToleration().withOperator("Exists").endToleration().build());
    poll.await("is on its node", Poll::isOnNode);
    return poll;
  }

  /**
   * Makes a pod for each node.
   *
   * @param demands what the pods demand beside their node
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server refuses them
   */
  void ask(String question, PodSpec demands) {
    for (String node : nodes.keySet()) {
      client.pods().inNamespace(namespace).resource(pod(question, demands, node)).create();
    }
  }

  private static Pod pod(String question, PodSpec demands, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName("pod-")
        .addToLabels(NODE, node)
        .addToAnnotations(QUESTION, question)
        .endMetadata()
        .withNewSpecLike(demands)
        .addToNodeSelector(NODE, node)
        .addNewContainer()
        .withName("app")
        .withImage("lab.invalid/app")
        .endContainer()
        .endSpec()
        .build();
  }

  /**
   * Waits until the scheduler has answered every pod.
   *
   * @param no whether this message is a no; after any other the scheduler has to try again
   */
  void awaitAnswers(Predicate<String> no) {
    await("has its answer", pod -> isOnNode(pod) || refusal(pod).filter(no).isPresent());
  }

  /**
   * Returns the nodes for which something holds, by question.
   *
   * @param holds of a live pod and the live node that it asks about
   */
  Map<String, Set<String>> nodesWhere(BiPredicate<Pod, Node> holds) {
    Map<String, Set<String>> found = new TreeMap<>();
    for (Pod pod : pods()) {
      String question = pod.getMetadata().getAnnotations().get(QUESTION);
      if (IS_THE_NODE_KNOWN.equals(question)) {
        continue;
      }
      String name = pod.getMetadata().getLabels().get(NODE);
      Node node = Optional.ofNullable(nodes.get(name)).orElseThrow();
      Set<String> soFar = found.computeIfAbsent(question, _ -> new TreeSet<>());
      if (holds.test(pod, node)) {
        soFar.add(name);
      }
    }
    return found;
  }

  static boolean isOnNode(Pod pod) {
    return pod.getSpec().getNodeName() != null;
  }

  private static Optional<String> refusal(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(each -> each.getType().equals("PodScheduled") && each.getStatus().equals("False"))
        .map(each -> Optional.ofNullable(each.getMessage()).orElse(""))
        .findFirst();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace(namespace).list().getItems();
  }

  private void await(String what, Predicate<Pod> enough) {
    var _ =
        Await.within(PATIENCE)
            .until(
                "every pod of " + namespace + " " + what,
                () -> pods().stream().filter(enough.negate()).toList(),
                List::isEmpty,
                Poll::words);
  }

  private static String words(List<Pod> pods) {
    return pods.stream()
        .map(
            pod ->
                "%s about %s: %s"
                    .formatted(
                        pod.getMetadata().getAnnotations().get(QUESTION),
                        pod.getMetadata().getLabels().get(NODE),
                        refusal(pod).orElse("nothing said yet")))
        .collect(Collectors.joining("\n", "\n", ""));
  }
}
