package dev.refloat.lab.world;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provisioners of local volumes of one world, one on each node, as node-local ones are: each
 * serves only the claims for which the scheduler has chosen its own node, and cleans up only the
 * volumes on its own node. A provisioner that is stopped with its node serves and cleans up
 * nothing; one that comes back takes up what it missed.
 *
 * <p>They share two watches and a thread, so that a world with many nodes costs no more than one
 * with few.
 */
final class LocalProvisioners implements AutoCloseable {

  /** The provisioner's name in a storage class, or the end of it. */
  static final String NAME = "local.lab.refloat.dev";

  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  private static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
  private static final long RETRY_MILLIS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(LocalProvisioners.class);

  private final KubernetesClient client;
  private final LocalObjects objects;

  /** Of the nodes whose provisioner runs, by the node's name. */
  private final Map<String, Host> hosts = new ConcurrentHashMap<>();

  private record Host(String hostname, VolumeFolders folders) {}

  /** Whether a pass is on its way that has not begun. */
  private final AtomicBoolean waiting = new AtomicBoolean();

  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("lab-provisioners").factory());
  private final SharedIndexInformer<PersistentVolumeClaim> claims;
  private final SharedIndexInformer<PersistentVolume> volumes;

  LocalProvisioners(KubernetesClient client, LocalObjects objects) {
    this.client = client;
    this.objects = objects;
    this.claims =
        client
            .persistentVolumeClaims()
            .inNamespace(objects.names().namespace())
            .runnableInformer(0);
    this.volumes = client.persistentVolumes().withLabels(objects.worldLabel()).runnableInformer(0);
    claims.addEventHandler(new Wake<>());
    volumes.addEventHandler(new Wake<>());
    claims.run();
    volumes.run();
  }

  /** Starts the provisioner of {@code node}, whose volumes are those {@code folders}. */
  void start(Node node, VolumeFolders folders) {
    String hostname =
        Optional.ofNullable(node.getMetadata().getLabels().get(LocalObjects.HOSTNAME))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        node.getMetadata().getName() + " has no " + LocalObjects.HOSTNAME));
    hosts.put(node.getMetadata().getName(), new Host(hostname, folders));
    wake();
  }

  /** Stops the provisioner of a node. When this returns it has written its last object. */
  void stop(String node) {
    synchronized (this) {
      hosts.remove(node);
    }
  }

  private final class Wake<T extends HasMetadata> implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      wake();
    }

    @Override
    public void onUpdate(T before, T after) {
      wake();
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      wake();
    }
  }

  /** One pass serves all that woke it up before it began. */
  private void wake() {
    if (!waiting.compareAndSet(false, true)) {
      return;
    }
    try {
      worker.execute(this::pass);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed");
    }
  }

  private void pass() {
    waiting.set(false);
    try {
      claims.getStore().list().forEach(this::provision);
      volumes.getStore().list().forEach(this::cleanUp);
    } catch (KubernetesClientException | UncheckedIOException e) {
      if (!worker.isShutdown()) {
        LOG.warn("A provisioner of the lab tries again", e);
        var _ = worker.schedule(this::pass, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private synchronized void provision(PersistentVolumeClaim claim) {
    String node = annotation(claim, SELECTED_NODE);
    if (node == null
        || claim.getSpec().getVolumeName() != null
        || claim.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    Host host = hosts.get(node);
    if (host == null || volumes.getStore().getByKey(objects.volumeNameFor(claim)) != null) {
      return;
    }
    Optional<StorageClass> storageClass =
        Optional.ofNullable(
                client
                    .storage()
                    .v1()
                    .storageClasses()
                    .withName(claim.getSpec().getStorageClassName())
                    .get())
            .filter(found -> isOurs(found.getProvisioner()));
    storageClass.ifPresent(
        found -> {
          host.folders().make(objects.volumeNameFor(claim));
          create(objects.volumeFor(claim, found, host.hostname()));
        });
  }

  private void create(PersistentVolume volume) {
    try {
      client.persistentVolumes().resource(volume).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private synchronized void cleanUp(PersistentVolume volume) {
    boolean ours = isOurs(annotation(volume, PROVISIONED_BY));
    boolean released = "Released".equals(volume.getStatus().getPhase());
    boolean delete =
        ReclaimPolicy.DELETE.word().equals(volume.getSpec().getPersistentVolumeReclaimPolicy());
    if (ours && released && delete && volume.getMetadata().getDeletionTimestamp() == null) {
      String hostname = hostnameOf(volume);
      hosts.values().stream()
          .filter(host -> host.hostname().equals(hostname))
          .findFirst()
          .ifPresent(
              host -> {
                host.folders().remove(volume.getMetadata().getName());
                client.persistentVolumes().resource(volume).delete();
              });
    }
  }

  private static boolean isOurs(@Nullable String provisioner) {
    return provisioner != null && (provisioner.equals(NAME) || provisioner.endsWith("." + NAME));
  }

  private static String hostnameOf(PersistentVolume volume) {
    return volume
        .getSpec()
        .getNodeAffinity()
        .getRequired()
        .getNodeSelectorTerms()
        .getFirst()
        .getMatchExpressions()
        .getFirst()
        .getValues()
        .getFirst();
  }

  private static @Nullable String annotation(HasMetadata object, String key) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }

  @Override
  public void close() {
    claims.stop();
    volumes.stop();
    worker.shutdownNow();
  }
}
