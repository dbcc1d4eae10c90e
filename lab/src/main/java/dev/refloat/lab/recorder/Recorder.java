package dev.refloat.lab.recorder;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps every version of the objects of a world from the moment of its creation on, so that a test
 * can state what happened in which order, and that something did not happen.
 *
 * <pre>{@code
 * Version<PersistentVolumeClaim> deleted = recorder.claims().firstDeleting("data-db-0").orElseThrow();
 * assertThat(recorder.volumes().lastBefore(volume, deleted)) ... Retain
 * }</pre>
 */
public final class Recorder implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Track<Pod> pods;
  private final Track<PersistentVolumeClaim> claims;
  private final Track<PersistentVolume> volumes;
  private final Track<StatefulSet> statefulSets;
  private final Track<Node> nodes;
  private final Track<Event> events;

  private Recorder(KubernetesClient client, World world, InstantSource clock) {
    String namespace = world.namespace();
    this.pods = new Track<>("pods", client.pods().inNamespace(namespace), clock);
    this.claims =
        new Track<>("claims", client.persistentVolumeClaims().inNamespace(namespace), clock);
    this.volumes =
        new Track<>("volumes", client.persistentVolumes().withLabel(World.LABEL, namespace), clock);
    this.statefulSets =
        new Track<>("stateful sets", client.apps().statefulSets().inNamespace(namespace), clock);
    this.nodes = new Track<>("nodes", client.nodes().withLabel(World.LABEL, namespace), clock);
    this.events = new Track<>("events", client.v1().events().inNamespace(namespace), clock);
  }

  /** Returns a recorder that has begun. */
  public static Recorder of(KubernetesClient client, World world) {
    return new Recorder(client, world, InstantSource.system());
  }

  /** Returns the pods of the namespace. */
  public Track<Pod> pods() {
    return pods;
  }

  /** Returns the claims of the namespace. */
  public Track<PersistentVolumeClaim> claims() {
    return claims;
  }

  /** Returns the volumes of the world, by their names in the cluster. */
  public Track<PersistentVolume> volumes() {
    return volumes;
  }

  /** Returns the StatefulSets of the namespace. */
  public Track<StatefulSet> statefulSets() {
    return statefulSets;
  }

  /** Returns the nodes of the world, by their names in the cluster. */
  public Track<Node> nodes() {
    return nodes;
  }

  /** Returns the Events of the namespace. */
  public Track<Event> events() {
    return events;
  }

  /**
   * Returns this moment, after everything that was written before it has been recorded. The moment
   * is that of the first list; the lists after it hold all that it held, and more.
   */
  public Mark mark() {
    long revision = Long.MAX_VALUE;
    for (Track<?> track : tracks()) {
      Track.Snapshot snapshot = track.look();
      Await.within(PATIENCE)
          .until(
              "the recorder has caught up with the " + track.kind(),
              () -> track.hasCaughtUpWith(snapshot));
      revision = Math.min(revision, snapshot.revision());
    }
    return new Mark(revision);
  }

  /** Returns every version of every kind in the order of writing, for a timeline. */
  public List<Version<? extends HasMetadata>> timeline() {
    List<Version<? extends HasMetadata>> all = new ArrayList<>();
    tracks().forEach(track -> all.addAll(track.all()));
    all.sort(Comparator.comparingLong(Version::revision));
    return List.copyOf(all);
  }

  private List<Track<?>> tracks() {
    return List.of(pods, claims, volumes, statefulSets, nodes, events);
  }

  @Override
  public void close() {
    tracks().forEach(Track::close);
  }
}
