package dev.refloat.lab.recorder;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All versions of the objects of one kind, in the order of their writing. Starts from the list's
 * own resourceVersion, so that nothing is missed. A watch that breaks goes on from the last version
 * seen; if the API server no longer has the versions in between, the track is broken and every
 * question to it fails.
 */
public final class Track<T extends HasMetadata> implements AutoCloseable {

  private final String kind;
  private final FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> source;
  private final InstantSource clock;
  private final List<Version<T>> versions = new ArrayList<>();
  private String resourceVersion;
  private @Nullable Watch watch;
  private @Nullable RuntimeException broken;
  private boolean closed;

  Track(
      String kind,
      FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> source,
      InstantSource clock) {
    this.kind = kind;
    this.source = source;
    this.clock = clock;
    KubernetesResourceList<T> list = source.list();
    this.resourceVersion = list.getMetadata().getResourceVersion();
    list.getItems().forEach(object -> keep(Change.FOUND, object));
    resume();
  }

  private synchronized void resume() {
    if (closed) {
      return;
    }
    watch =
        source.watch(
            new ListOptionsBuilder()
                .withResourceVersion(resourceVersion)
                .withAllowWatchBookmarks(true)
                .build(),
            new Follower());
  }

  private final class Follower implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T object) {
      switch (action) {
        case ADDED -> keep(Change.ADDED, object);
        case MODIFIED -> keep(Change.MODIFIED, object);
        case DELETED -> keep(Change.DELETED, object);
        case BOOKMARK -> remember(object);
        case ERROR -> {} // the watch is closed next
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      if (cause.isHttpGone()) {
        broke(cause);
      } else {
        resume();
      }
    }
  }

  private synchronized void broke(WatcherException cause) {
    broken =
        new IllegalStateException(
            "versions of %s after %s are lost".formatted(kind, resourceVersion), cause);
  }

  private synchronized void remember(T object) {
    resourceVersion = object.getMetadata().getResourceVersion();
  }

  private synchronized void keep(Change change, T object) {
    Version<T> version = Version.of(change, object, clock.instant());
    if (change != Change.FOUND) {
      if (version.revision() <= Long.parseLong(resourceVersion)) {
        return; // sent again by a watch that went on
      }
      resourceVersion = object.getMetadata().getResourceVersion();
    }
    versions.add(version);
  }

  /** Returns all versions of all objects, oldest first. */
  public synchronized List<Version<T>> all() {
    if (broken != null) {
      throw broken;
    }
    return List.copyOf(versions);
  }

  /**
   * Returns the versions of the objects called {@code name}, oldest first; there can have been
   * several, with their own UIDs.
   */
  public List<Version<T>> of(String name) {
    return all().stream().filter(version -> version.name().equals(name)).toList();
  }

  /** Returns the UIDs that objects called {@code name} have had, in order. */
  public List<String> uids(String name) {
    return of(name).stream().map(Version::uid).distinct().toList();
  }

  /** Returns the first version of {@code name} of which {@code is} is true. */
  public Optional<Version<T>> first(String name, Predicate<? super T> is) {
    return of(name).stream().filter(version -> is.test(version.object())).findFirst();
  }

  /** Returns the first version in which the object called {@code name} is being deleted or gone. */
  public Optional<Version<T>> firstDeleting(String name) {
    return of(name).stream().filter(Version::deleting).findFirst();
  }

  /** Returns the last version of {@code name} that was written before {@code other}. */
  public Optional<Version<T>> lastBefore(String name, Version<?> other) {
    return of(name).stream()
        .filter(version -> version.isBefore(other))
        .reduce((earlier, later) -> later);
  }

  /**
   * Returns what was written after {@code from} and up to {@code to}: additions, modifications and
   * deletions.
   */
  public List<Version<T>> between(Mark from, Mark to) {
    return all().stream()
        .filter(version -> version.change() != Change.FOUND)
        .filter(version -> version.revision() > from.revision())
        .filter(version -> version.revision() <= to.revision())
        .toList();
  }

  /** Returns the objects that exist according to what was recorded, with the revision of each. */
  private synchronized Map<String, Long> present() {
    Map<String, Long> present = new HashMap<>();
    for (Version<T> version : all()) {
      if (version.change() == Change.DELETED) {
        present.remove(version.name());
      } else {
        present.put(version.name(), version.revision());
      }
    }
    return present;
  }

  /** A look at the cluster that the track must catch up with. */
  record Snapshot(long revision, Map<String, Long> objects) {}

  Snapshot look() {
    KubernetesResourceList<T> list = source.list();
    Map<String, Long> objects = new HashMap<>();
    for (T object : list.getItems()) {
      objects.put(
          object.getMetadata().getName(),
          Long.parseLong(object.getMetadata().getResourceVersion()));
    }
    return new Snapshot(Long.parseLong(list.getMetadata().getResourceVersion()), objects);
  }

  /** Returns whether everything up to {@code snapshot} was recorded. */
  synchronized boolean hasCaughtUpWith(Snapshot snapshot) {
    Map<String, Long> present = present();
    boolean all =
        snapshot.objects().entrySet().stream()
            .allMatch(
                object ->
                    Optional.ofNullable(present.get(object.getKey()))
                        .map(revision -> revision >= object.getValue())
                        .orElseGet(() -> goneSince(object.getKey(), snapshot.revision())));
    boolean noMore =
        present.entrySet().stream()
            .allMatch(
                object ->
                    snapshot.objects().containsKey(object.getKey())
                        || object.getValue() > snapshot.revision());
    return all && noMore;
  }

  private boolean goneSince(String name, long revision) {
    return of(name).stream()
        .anyMatch(version -> version.change() == Change.DELETED && version.revision() > revision);
  }

  String kind() {
    return kind;
  }

  @Override
  public void close() {
    Watch last;
    synchronized (this) {
      closed = true;
      last = watch;
    }
    if (last != null) {
      last.close();
    }
  }
}
