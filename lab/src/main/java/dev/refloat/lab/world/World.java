package dev.refloat.lab.world;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One namespace with its own nodes, storage classes and local volumes. Its pods run on its nodes
 * only, so worlds can share a control plane. Everything is addressed by its name within the world;
 * {@link #names()} tells the names in the cluster.
 */
public final class World implements AutoCloseable {

  /**
   * The provisioner of dynamic classes. It is not in anybody's list of known ones: tell the webhook
   * about it.
   */
  public static final String PROVISIONER = LocalProvisioners.NAME;

  /** The label that all nodes, classes and volumes of a world carry; its value is the namespace. */
  public static final String LABEL = LocalObjects.WORLD;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String KUBELET = "lab.refloat.dev/kubelet";
  private static final int MOST_CONFLICTS = 20;

  private final KubernetesClient client;
  private final Await await;
  private final WorldNames names;
  private final LocalObjects objects;
  private final LocalProvisioners provisioners;

  /** Every node that was ever added, so that a lost one can return as it was. */
  private final Map<String, LabNode> nodes;

  private World(
      KubernetesClient client,
      Await await,
      LocalObjects objects,
      LocalProvisioners provisioners,
      Map<String, LabNode> nodes) {
    this.client = client;
    this.await = await;
    this.names = objects.names();
    this.objects = objects;
    this.provisioners = provisioners;
    this.nodes = nodes;
  }

  /** Returns an empty world in a new namespace that starts with {@code purpose}. */
  public static World create(ControlPlane controlPlane, String purpose) {
    return create(controlPlane, WorldNames.unique(purpose));
  }

  /** Returns an empty world in a new namespace of exactly these names. */
  public static World create(ControlPlane controlPlane, WorldNames names) {
    KubernetesClient client = controlPlane.client();
    Await await = Await.within(PATIENCE).unless(controlPlane::complaint);
    client
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(names.namespace())
                .addToLabels(LABEL, names.namespace())
                .endMetadata()
                .build())
        .create();
    // Pods are refused before their service account is there.
    await.until(
        "there is a default service account in " + names.namespace(),
        () ->
            client.serviceAccounts().inNamespace(names.namespace()).withName("default").get()
                != null);
    LocalObjects objects = new LocalObjects(names);
    return new World(
        client, await, objects, new LocalProvisioners(client, objects), new ConcurrentHashMap<>());
  }

  /**
   * Returns the same world, seen by somebody who waits no longer than {@code patience}. Closing
   * either closes both.
   */
  public World patience(Duration patience) {
    return new World(
        client, Await.within(patience).unless(await.complaint()), objects, provisioners, nodes);
  }

  /** Returns the names in the cluster. */
  public WorldNames names() {
    return names;
  }

  /** Returns the namespace. */
  public String namespace() {
    return names.namespace();
  }

  // What there is to be

  /** Adds nodes, each with its provisioner, and returns when all are Ready and take pods. */
  public World add(LabNode... added) {
    for (LabNode node : added) {
      nodes.put(node.name(), node);
      create(node);
    }
    for (LabNode node : added) {
      awaitReadyNode(node.name());
    }
    return this;
  }

  /** Adds a storage class, and its driver if it has one of its own. */
  public World add(LabStorageClass storageClass) {
    if (storageClass instanceof LabStorageClass.Dynamic made && made.keepsCount()) {
      client.storage().v1().csiDrivers().resource(objects.driver(made)).create();
    }
    client.storage().v1().storageClasses().resource(objects.storageClass(storageClass)).create();
    return this;
  }

  /**
   * The driver of a class that keeps count tells how much room there is on a node.
   *
   * @param room as Kubernetes writes quantities: {@code "2Gi"}
   */
  public World addCapacity(String storageClass, String node, String room) {
    client
        .storage()
        .v1()
        .csiStorageCapacities()
        .resource(objects.capacity(storageClass, known(node).hostname(), room))
        .create();
    return this;
  }

  /** Adds volumes made by hand. */
  public World add(LocalVolume... volumes) {
    for (LocalVolume volume : volumes) {
      client.persistentVolumes().resource(objects.volume(volume)).create();
    }
    return this;
  }

  /** Adds volumes of any kind, made by hand. */
  public World add(LabVolume... volumes) {
    for (LabVolume volume : volumes) {
      client.persistentVolumes().resource(objects.volume(volume)).create();
    }
    return this;
  }

  /** Adds a StatefulSet; its pods come when they come. */
  public World add(LabStatefulSet set) {
    client.apps().statefulSets().resource(objects.statefulSet(set)).create();
    return this;
  }

  /**
   * Adds a claim that no StatefulSet has made.
   *
   * @param storageClass the class within the world
   */
  public World addClaim(String name, String storageClass) {
    client
        .persistentVolumeClaims()
        .inNamespace(namespace())
        .resource(
            objects.claimTemplate(new LabStatefulSet.ClaimTemplate(name, storageClass, "1Gi")))
        .create();
    return this;
  }

  // What happens

  /**
   * The node is lost for good: its provisioner stops, its Node object is deleted, and its pods are
   * deleted without grace. Without the latter PodGC would do the same 40 s later.
   */
  public void nodeLost(String name) {
    nodeObjectLost(name);
    String node = names.clusterWide(name);
    client
        .pods()
        .inNamespace(namespace())
        .withField("spec.nodeName", node)
        .withGracePeriod(0)
        .delete();
  }

  /** The node is lost for good, and its pods are left to PodGC. */
  public void nodeObjectLost(String name) {
    String node = names.clusterWide(name);
    provisioners.stop(node);
    client.nodes().withName(node).delete();
    await.until("node " + node + " is gone", () -> node(name).isEmpty());
  }

  /**
   * A lost node returns under its name, with its hostname and its provisioner; waits until it takes
   * pods.
   */
  public void nodeReturns(String name) {
    create(known(name));
    awaitReadyNode(name);
  }

  /**
   * The kubelet of the node stops: the node is not Ready, and its provisioner stops; the Node
   * object stays. Returns when the node controller has tainted it: until then the scheduler takes
   * it for a node like any other and binds pods to it.
   */
  public void nodeNotReady(String name) {
    provisioners.stop(names.clusterWide(name));
    edit(name, node -> node.editMetadata().addToAnnotations(KUBELET, "stopped").endMetadata());
    client
        .nodes()
        .withName(names.clusterWide(name))
        .editStatus(
            node ->
                new NodeBuilder(node)
                    .editStatus()
                    .editMatchingCondition(condition -> "Ready".equals(condition.getType()))
                    .withStatus("False")
                    .withReason("KubeletStopped")
                    .withLastTransitionTime(Instant.now().toString())
                    .endCondition()
                    .endStatus()
                    .build());
    awaitNoSchedule(name, "node.kubernetes.io/not-ready");
  }

  /**
   * The node is cut off: it is not Ready, its Lease is not renewed any more, and whoever deletes
   * its pods waits for ever. Nobody but its kubelet may renew the Lease as long as somebody else
   * holds it. The pods themselves say that their kubelet is stopped, because kwok hears of Leases
   * and of pods in two streams, and would end a pod if it heard of its delete first.
   */
  public void nodeSilent(String name) {
    client
        .pods()
        .inNamespace(namespace())
        .withField("spec.nodeName", names.clusterWide(name))
        .resources()
        .forEach(
            pod ->
                pod.edit(
                    running ->
                        new PodBuilder(running)
                            .editMetadata()
                            .addToAnnotations(KUBELET, "stopped")
                            .endMetadata()
                            .build()));
    client
        .leases()
        .inNamespace("kube-node-lease")
        .withName(names.clusterWide(name))
        .edit(
            lease ->
                new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity("a-kubelet-that-is-cut-off")
                    .withLeaseDurationSeconds((int) Duration.ofDays(1).toSeconds())
                    .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(2))
                    .endSpec()
                    .build());
    nodeNotReady(name);
  }

  /** A person says that the machine is off, so that Kubernetes ends its pods. */
  public void outOfService(String name) {
    client
        .nodes()
        .withName(names.clusterWide(name))
        .edit(
            node ->
                new NodeBuilder(node)
                    .editSpec()
                    .addNewTaint()
                    .withKey("node.kubernetes.io/out-of-service")
                    .withValue("nodeshutdown")
                    .withEffect("NoExecute")
                    .endTaint()
                    .endSpec()
                    .build());
  }

  /** Somebody deletes a claim, without asking anybody; it goes when no pod uses it. */
  public void deleteClaim(String claim) {
    client.persistentVolumeClaims().inNamespace(namespace()).withName(claim).delete();
  }

  /** Somebody deletes a pod. */
  public void deletePod(String pod) {
    client.pods().inNamespace(namespace()).withName(pod).delete();
  }

  /**
   * The node takes no new pods. Returns when the node controller has tainted it, so that a
   * scheduler which is as fast as that one knows it as well.
   */
  public void cordon(String name) {
    setUnschedulable(name, true);
    awaitNoSchedule(name, "node.kubernetes.io/unschedulable");
  }

  /** The node takes pods again. */
  public void uncordon(String name) {
    setUnschedulable(name, false);
  }

  private void setUnschedulable(String name, boolean unschedulable) {
    edit(name, node -> node.editSpec().withUnschedulable(unschedulable).endSpec());
  }

  /** The provisioner of a live node stops, as when its pod crashes. */
  public void stopProvisioner(String name) {
    provisioners.stop(names.clusterWide(name));
  }

  /** The kubelet of a node that was not Ready is back; waits until the node takes pods. */
  public void nodeReadyAgain(String name) {
    Node node =
        edit(name, stopped -> stopped.editMetadata().removeFromAnnotations(KUBELET).endMetadata());
    provisioners.start(node);
    awaitReadyNode(name);
  }

  /** Somebody taints the node. */
  public void taint(String name, LabNode.LabTaint taint) {
    edit(
        name,
        node ->
            node.editSpec()
                .addNewTaint(taint.effect(), taint.key(), null, taint.value())
                .endSpec());
  }

  /** Somebody takes the taints of that key off the node. */
  public void untaint(String name, String key) {
    edit(
        name,
        node ->
            node.editSpec()
                .removeMatchingFromTaints(taint -> key.equals(taint.getKey()))
                .endSpec());
  }

  /** Somebody takes a label off the node. */
  public void unlabel(String name, String key) {
    edit(name, node -> node.editMetadata().removeFromLabels(key).endMetadata());
  }

  /** Changes a node, which kwok and Kubernetes' controllers change, too. */
  private Node edit(String name, UnaryOperator<NodeBuilder> change) {
    Resource<Node> resource = client.nodes().withName(names.clusterWide(name));
    for (int conflicts = 0; ; conflicts++) {
      try {
        return resource.edit(node -> change.apply(new NodeBuilder(node)).build());
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || conflicts == MOST_CONFLICTS) {
          throw e;
        }
      }
    }
  }

  /** Somebody deletes the volume's object, finalizers and all. */
  public void volumeObjectLost(String inCluster) {
    Resource<PersistentVolume> resource = client.persistentVolumes().withName(inCluster);
    resource.delete();
    try {
      resource.edit(
          volume ->
              new PersistentVolumeBuilder(volume)
                  .editMetadata()
                  .withFinalizers(List.of())
                  .endMetadata()
                  .build());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
    await.until("volume " + inCluster + " is gone", () -> volumeInCluster(inCluster).isEmpty());
  }

  private void create(LabNode node) {
    provisioners.start(client.nodes().resource(objects.node(node)).create());
  }

  private LabNode known(String name) {
    LabNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException(
          "no node %s was added to this world, only %s".formatted(name, nodes.keySet()));
    }
    return node;
  }

  // What there is

  /** Returns a pod as it is now. */
  public Optional<Pod> pod(String name) {
    return Optional.ofNullable(client.pods().inNamespace(namespace()).withName(name).get());
  }

  /** Returns a claim as it is now. */
  public Optional<PersistentVolumeClaim> claim(String name) {
    return Optional.ofNullable(
        client.persistentVolumeClaims().inNamespace(namespace()).withName(name).get());
  }

  /** Returns the volume that a claim is bound to, as it is now. */
  public Optional<PersistentVolume> volumeOf(String claim) {
    return claim(claim)
        .map(found -> found.getSpec().getVolumeName())
        .flatMap(this::volumeInCluster);
  }

  /** Returns a volume that was made by hand, as it is now. */
  public Optional<PersistentVolume> volume(String name) {
    return volumeInCluster(names.clusterWide(name));
  }

  /** Returns the volume of this name in the cluster, as it is now. */
  public Optional<PersistentVolume> volumeInCluster(String name) {
    return Optional.ofNullable(client.persistentVolumes().withName(name).get());
  }

  /** Returns all volumes of the world. */
  public List<PersistentVolume> volumes() {
    return client.persistentVolumes().withLabels(objects.worldLabel()).list().getItems();
  }

  /** Returns a node as it is now. */
  public Optional<Node> node(String name) {
    return Optional.ofNullable(client.nodes().withName(names.clusterWide(name)).get());
  }

  /** Returns a StatefulSet as it is now. */
  public Optional<StatefulSet> statefulSet(String name) {
    return Optional.ofNullable(
        client.apps().statefulSets().inNamespace(namespace()).withName(name).get());
  }

  /**
   * Returns the name within the world of the node that the pod is on; empty if there is no such pod
   * or it is on none.
   */
  public Optional<String> nodeOf(String pod) {
    return pod(pod)
        .map(found -> found.getSpec().getNodeName())
        .map(node -> node.substring(names.prefix().length()));
  }

  // Waiting

  /** Returns the pod once it is Ready and not being deleted. */
  public Pod awaitReady(String pod) {
    return awaitPod(
        pod,
        "is Ready",
        found ->
            found.getMetadata().getDeletionTimestamp() == null
                && condition(found, "Ready").map(World::isTrue).orElse(false));
  }

  /** Returns the pod once it is on a node. */
  public Pod awaitScheduled(String pod) {
    return awaitPod(pod, "is on a node", found -> found.getSpec().getNodeName() != null);
  }

  /** Returns the pod once the scheduler has found no node for it. */
  public Pod awaitUnschedulable(String pod) {
    return awaitPod(
        pod,
        "is unschedulable",
        found ->
            found.getMetadata().getDeletionTimestamp() == null
                && condition(found, "PodScheduled")
                    .filter(condition -> "False".equals(condition.getStatus()))
                    .isPresent());
  }

  /**
   * Returns the pod once {@code enough} is true of it.
   *
   * @param what completes "pod db-0 ..."
   */
  public Pod awaitPod(String pod, String what, Predicate<Pod> enough) {
    return await
        .until(
            "pod %s/%s %s".formatted(namespace(), pod, what),
            () -> pod(pod),
            found -> found.filter(enough).isPresent(),
            found -> StateWords.of(pod, found) + claimsOf(found))
        .orElseThrow();
  }

  /** Returns the claim once it is bound. */
  public PersistentVolumeClaim awaitBound(String claim) {
    return await
        .until(
            "claim %s/%s is bound".formatted(namespace(), claim),
            () -> claim(claim),
            found -> found.map(one -> "Bound".equals(one.getStatus().getPhase())).orElse(false),
            found -> StateWords.ofClaim(claim, found))
        .orElseThrow();
  }

  /** Returns the node once it is Ready and has no taint that says otherwise. */
  public Node awaitReadyNode(String name) {
    return awaitNode(name, "takes pods", World::takesPods);
  }

  private void awaitNoSchedule(String name, String key) {
    var _ =
        awaitNode(
            name,
            "is tainted by the node controller with " + key + ":NoSchedule",
            node ->
                node.getSpec().getTaints().stream()
                    .anyMatch(
                        taint ->
                            taint.getKey().equals(key) && taint.getEffect().equals("NoSchedule")));
  }

  private Node awaitNode(String name, String what, Predicate<Node> enough) {
    return await
        .until(
            "node %s %s".formatted(names.clusterWide(name), what),
            () -> node(name),
            found -> found.filter(enough).isPresent(),
            found ->
                found
                    .map(
                        node ->
                            "conditions %s, taints %s"
                                .formatted(
                                    node.getStatus().getConditions(), node.getSpec().getTaints()))
                    .orElse("there is no such node"))
        .orElseThrow();
  }

  private static boolean takesPods(Node node) {
    return node.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()))
        && node.getSpec().getTaints().stream()
            .noneMatch(taint -> taint.getKey().equals("node.kubernetes.io/not-ready"));
  }

  private String claimsOf(Optional<Pod> pod) {
    StringBuilder words = new StringBuilder();
    pod.ifPresent(
        found ->
            found.getSpec().getVolumes().stream()
                .filter(volume -> volume.getPersistentVolumeClaim() != null)
                .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
                .forEach(
                    claim -> words.append("; ").append(StateWords.ofClaim(claim, claim(claim)))));
    return words.toString();
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst();
  }

  private static boolean isTrue(PodCondition condition) {
    return "True".equals(condition.getStatus());
  }

  /** Takes the world down without waiting for it: the API server and its controllers finish it. */
  @Override
  public void close() {
    provisioners.close();
    client.namespaces().withName(namespace()).delete(); // from now on nothing new comes
    client
        .apps()
        .statefulSets()
        .inNamespace(namespace())
        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
        .delete();
    client.pods().inNamespace(namespace()).withGracePeriod(0).delete();
    client.persistentVolumeClaims().inNamespace(namespace()).delete();
    client.persistentVolumes().withLabels(objects.worldLabel()).delete();
    client.storage().v1().storageClasses().withLabels(objects.worldLabel()).delete();
    client.storage().v1().csiDrivers().withLabels(objects.worldLabel()).delete();
    client.nodes().withLabels(objects.worldLabel()).delete();
  }
}
