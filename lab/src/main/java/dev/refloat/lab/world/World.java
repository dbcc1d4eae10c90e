package dev.refloat.lab.world;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.realnode.RealNode;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

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

  /**
   * The node controller's taints of a node whose kubelet says that it is not ready, or says nothing
   * (<a href="https://kubernetes.io/docs/reference/labels-annotations-taints/">labels, annotations
   * and taints</a>).
   */
  private static final Set<String> NOT_HEARD_OF =
      Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  private final KubernetesClient client;
  private final Await await;
  private final WorldNames names;
  private final LocalObjects objects;
  private final NodeObjects nodeObjects;
  private final LocalProvisioners provisioners;
  private final FakeHardware fake;
  private final RealHardware real;

  /** Every node that was ever added, so that a lost one can return as it was. */
  private final Map<String, LabNode> nodes;

  private World(
      KubernetesClient client,
      Await await,
      LocalObjects objects,
      LocalProvisioners provisioners,
      RealHardware real,
      Map<String, LabNode> nodes) {
    this.client = client;
    this.await = await;
    this.names = objects.names();
    this.objects = objects;
    this.nodeObjects = new NodeObjects(client, names);
    this.provisioners = provisioners;
    this.fake = new FakeHardware(client, objects, nodeObjects);
    this.real = real;
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
    RealHardware real =
        new RealHardware(
            client,
            objects,
            new NodeObjects(client, names),
            () ->
                controlPlane
                    .realNodes()
                    .orElseThrow(
                        () ->
                            new IllegalStateException(
                                "this control plane was started without real nodes; see Tuning")),
            await);
    return new World(
        client,
        await,
        objects,
        new LocalProvisioners(client, objects),
        real,
        new ConcurrentHashMap<>());
  }

  /**
   * Returns the same world, seen by somebody who waits no longer than {@code patience}. Closing
   * either closes both.
   */
  public World patience(Duration patience) {
    return new World(
        client,
        Await.within(patience).unless(await.complaint()),
        objects,
        provisioners,
        real.patience(patience),
        nodes);
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
      appear(node);
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
      nodes.values().stream()
          .filter(node -> node.hostname().equals(volume.hostname()))
          .forEach(node -> hardware(node).disk(node).make(names.clusterWide(volume.name())));
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
    hardware(known(name)).vanish(known(name));
    client.nodes().withName(node).delete();
    await.until("node " + node + " is gone", () -> node(name).isEmpty());
  }

  /**
   * A lost node returns under its name, with its hostname and its provisioner; waits until it takes
   * pods.
   */
  public void nodeReturns(String name) {
    appear(known(name));
    awaitReadyNode(name);
  }

  /**
   * The kubelet of the node stops: the node is not Ready, and its provisioner stops; the Node
   * object stays. Returns when the node controller has tainted it: until then the scheduler takes
   * it for a node like any other and binds pods to it.
   */
  public void nodeNotReady(String name) {
    provisioners.stop(names.clusterWide(name));
    hardware(known(name)).stopKubelet(known(name));
    awaitSilent(name);
  }

  /**
   * The node is cut off: it is not Ready, its Lease is not renewed any more, and whoever deletes
   * its pods waits for ever.
   */
  public void nodeSilent(String name) {
    cutOff(name);
    awaitSilent(name);
  }

  /** The same; nobody has noticed yet. */
  public void cutOff(String name) {
    provisioners.stop(names.clusterWide(name));
    hardware(known(name)).cutOff(known(name));
  }

  /** A person says that the machine is off, so that Kubernetes ends its pods. */
  public void outOfService(String name) {
    taint(
        name,
        new LabNode.LabTaint("node.kubernetes.io/out-of-service", "nodeshutdown", "NoExecute"));
  }

  /** Somebody deletes a claim, without asking anybody; it goes when no pod uses it. */
  public void deleteClaim(String claim) {
    client.persistentVolumeClaims().inNamespace(namespace()).withName(claim).delete();
  }

  /** Somebody deletes a pod without waiting for its kubelet. */
  public void deletePodByForce(String pod) {
    client.pods().inNamespace(namespace()).withName(pod).withGracePeriod(0).delete();
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
    awaitNoSchedule(name, Set.of("node.kubernetes.io/unschedulable"));
  }

  /** The node takes pods again. */
  public void uncordon(String name) {
    setUnschedulable(name, false);
  }

  private void setUnschedulable(String name, boolean unschedulable) {
    nodeObjects.edit(name, node -> node.editSpec().withUnschedulable(unschedulable).endSpec());
  }

  /** The provisioner of a live node stops, as when its pod crashes. */
  public void stopProvisioner(String name) {
    provisioners.stop(names.clusterWide(name));
  }

  /** The kubelet of a node that was not Ready is back; waits until the node takes pods. */
  public void nodeReadyAgain(String name) {
    LabNode node = known(name);
    provisioners.start(hardware(node).startKubelet(node), hardware(node).disk(node));
    awaitReadyNode(name);
  }

  /** The power of a real node fails; its Node object stays, and its disk keeps what it has. */
  public void powerFails(String name) {
    RealNode machine = machine(name);
    provisioners.stop(names.clusterWide(name));
    machine.powerOff();
  }

  /**
   * A real node whose power has failed is switched on under the same name, with new and empty
   * disks; waits until it takes pods.
   */
  public void nodeReplaced(String name) {
    machine(name).powerOffAndChangeDisks();
    nodeReturns(name);
  }

  /** A real node that was cut off is reached again; waits until it takes pods. */
  public void nodeReconnected(String name) {
    machine(name).reconnect();
    provisioners.start(node(name).orElseThrow(), real.disk(known(name)));
    awaitReadyNode(name);
  }

  /** Returns the machine of a real node, for what there is no word for here. */
  public RealNode machine(String name) {
    return real.machine(name);
  }

  /**
   * Somebody drains the node, as {@code kubectl drain} does: it is cordoned, and its pods of this
   * world are asked to go. Those that a disruption budget protects stay.
   */
  public void drain(String name) {
    cordon(name);
    client
        .pods()
        .inNamespace(namespace())
        .withField("spec.nodeName", names.clusterWide(name))
        .resources()
        .forEach(PodResource::evict);
  }

  /** Somebody taints the node. */
  public void taint(String name, LabNode.LabTaint taint) {
    nodeObjects.edit(
        name,
        node ->
            node.editSpec()
                .addNewTaint(taint.effect(), taint.key(), null, taint.value())
                .endSpec());
  }

  /** Somebody takes the taints of that key off the node. */
  public void untaint(String name, String key) {
    nodeObjects.edit(
        name,
        node ->
            node.editSpec()
                .removeMatchingFromTaints(taint -> key.equals(taint.getKey()))
                .endSpec());
  }

  /** Somebody takes a label off the node. */
  public void unlabel(String name, String key) {
    nodeObjects.edit(name, node -> node.editMetadata().removeFromLabels(key).endMetadata());
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

  private void appear(LabNode node) {
    Hardware hardware = hardware(node);
    provisioners.start(hardware.appear(node), hardware.disk(node));
  }

  private Hardware hardware(LabNode node) {
    return switch (node.kind()) {
      case FAKE -> fake;
      case REAL -> real;
    };
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
    return nodeObjects.find(name);
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
    return awaitPod(pod, "is Ready", PodConditions::isReady);
  }

  /** Returns the pod once it is Ready on another node than {@code lostNode} of this world. */
  public Pod awaitReadyElsewhere(String pod, String lostNode) {
    String lost = names.clusterWide(lostNode);
    return awaitPod(
        pod,
        "is Ready on another node than " + lostNode,
        found ->
            PodConditions.isReady(found)
                && found.getSpec().getNodeName() != null
                && !lost.equals(found.getSpec().getNodeName()));
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
                && PodConditions.isUnschedulable(found));
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

  /** Waits until the node controller has not heard of the node for so long that it says so. */
  public void awaitSilent(String name) {
    awaitNoSchedule(name, NOT_HEARD_OF);
  }

  private void awaitNoSchedule(String name, Set<String> keys) {
    var _ =
        awaitNode(
            name,
            "is tainted by the node controller, NoSchedule, with one of " + keys,
            node ->
                node.getSpec().getTaints().stream()
                    .anyMatch(
                        taint ->
                            keys.contains(taint.getKey())
                                && taint.getEffect().equals("NoSchedule")));
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
            .noneMatch(taint -> NOT_HEARD_OF.contains(taint.getKey()));
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
    real.close(); // before their Node objects, which their kubelets would make again
    client.nodes().withLabels(objects.worldLabel()).delete();
  }
}
