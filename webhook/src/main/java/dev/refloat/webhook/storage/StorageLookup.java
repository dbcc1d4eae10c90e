package dev.refloat.webhook.storage;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.ClassStorage;
import dev.refloat.settings.Durations;
import dev.refloat.webhook.storage.StorageObjects.StorageClass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds out what is behind the claims of a pod, within a time that leaves the API server's patience
 * intact. What is not known by then is said to be not known.
 *
 * <p>Claims and volumes are read live, since the claim of a pod that is about to be created is
 * seconds old. Storage classes cannot change what matters of them and are remembered for a while.
 */
public final class StorageLookup implements AutoCloseable {

  private static final Duration CLASS_REMEMBERED = Duration.ofSeconds(30);
  private static final int MOST_CLASSES = 200;

  /** Longer than a container with a quota of CPU stands still, and less than a look-up may take. */
  private static final Duration HAND_FREE_WITHIN = Duration.ofMillis(200);

  private final StorageObjects objects;
  private final Predicate<ClaimStorage> enough;
  private final Duration deadline;
  private final InstantSource time;
  private final Map<String, RememberedClass> classes = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads;

  /**
   * @param enough whether a claim alone settles what the look-up is for, so that the rest is not
   *     read
   * @param deadline how long a look-up may take, with the wait for a thread
   * @param most how many may be under way at once
   */
  public StorageLookup(
      StorageObjects objects,
      Predicate<ClaimStorage> enough,
      Duration deadline,
      int most,
      InstantSource time) {
    this(objects, enough, deadline, most, HAND_FREE_WITHIN, time);
  }

  /**
   * @param handFree how long somebody who has just answered may take to be free again
   */
  StorageLookup(
      StorageObjects objects,
      Predicate<ClaimStorage> enough,
      Duration deadline,
      int most,
      Duration handFree,
      InstantSource time) {
    this.objects = objects;
    this.enough = enough;
    this.deadline = deadline;
    this.time = time;
    this.threads =
        new ThreadPoolExecutor(
            0,
            most,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("lookup-", 1).factory(),
            (task, threads) -> awaitHand(task, threads, handFree));
  }

  /** Whoever has just answered is free in a moment; who hangs is not. */
  private static void awaitHand(Runnable task, ThreadPoolExecutor threads, Duration patience) {
    try {
      if (!threads.getQueue().offer(task, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new RejectedExecutionException("too many look-ups at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException("interrupted", e);
    }
  }

  private record RememberedClass(Optional<StorageClass> found, Instant until) {}

  /** Returns what is known about these claims, in their order, up to the first that is enough. */
  public List<ClaimStorage> look(String namespace, List<String> claims) {
    return within(
        () -> read(namespace, claims),
        why ->
            claims.stream()
                .<ClaimStorage>map(claim -> new ClaimStorage.Unanswered(claim, why))
                .toList());
  }

  /** Returns what is known about these classes, in their order. */
  public List<ClassStorage> classes(NavigableSet<String> names) {
    return within(
        () -> names.stream().map(this::classOf).toList(),
        _ -> names.stream().<ClassStorage>map(ClassStorage.Unknown::new).toList());
  }

  private <T> T within(Callable<T> read, Function<String, T> unanswered) {
    long begun = System.nanoTime();
    Future<T> answer;
    try {
      answer = threads.submit(read);
    } catch (RejectedExecutionException e) {
      return unanswered.apply(String.valueOf(e.getMessage()));
    }
    try {
      return answer.get(deadline.toNanos() - (System.nanoTime() - begun), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return unanswered.apply("no answer within " + Durations.print(deadline));
    } catch (ExecutionException e) {
      return unanswered.apply(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unanswered.apply("interrupted");
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private List<ClaimStorage> read(String namespace, List<String> claims) {
    List<ClaimStorage> found = new ArrayList<>();
    for (String claim : claims) {
      ClaimStorage storage = read(namespace, claim);
      found.add(storage);
      if (enough.test(storage)) {
        break;
      }
    }
    return found;
  }

  private ClaimStorage read(String namespace, String name) {
    try {
      Optional<StorageObjects.Claim> claim = objects.claim(namespace, name);
      if (claim.isEmpty()) {
        return new ClaimStorage.Undetermined(name, "the claim does not exist yet");
      }
      Optional<String> volume = claim.get().volume();
      return volume.isPresent()
          ? onVolume(name, volume.get())
          : ofClass(name, claim.get().storageClass());
    } catch (StorageObjects.LookupFailedException e) {
      return new ClaimStorage.Unanswered(name, String.valueOf(e.getMessage()));
    }
  }

  private ClaimStorage onVolume(String claim, String name)
      throws StorageObjects.LookupFailedException {
    return objects
        .volume(name)
        .<ClaimStorage>map(
            volume ->
                new ClaimStorage.OnVolume(claim, name, volume.source(), volume.requiredAffinity()))
        .orElseGet(
            () -> new ClaimStorage.Undetermined(claim, "volume " + name + " does not exist"));
  }

  /** Static volumes need no StorageClass object, only the same class name on both sides. */
  private ClaimStorage ofClass(String claim, Optional<String> storageClass)
      throws StorageObjects.LookupFailedException {
    if (storageClass.isEmpty()) {
      return new ClaimStorage.Undetermined(claim, "the claim has no storage class yet");
    }
    String name = storageClass.get();
    if (name.isEmpty()) {
      return new ClaimStorage.Undetermined(claim, "the claim wants a volume without a class");
    }
    return storageClass(name)
        .<ClaimStorage>map(found -> new ClaimStorage.OfClass(claim, name, found.provisioner()))
        .orElseGet(
            () ->
                new ClaimStorage.Undetermined(claim, "storage class " + name + " does not exist"));
  }

  private ClassStorage classOf(String name) {
    try {
      return storageClass(name)
          .<ClassStorage>map(
              found -> new ClassStorage.Found(name, found.provisioner(), found.retains()))
          .orElseGet(() -> new ClassStorage.Unknown(name));
    } catch (StorageObjects.LookupFailedException e) {
      return new ClassStorage.Unknown(name);
    }
  }

  private Optional<StorageClass> storageClass(String name)
      throws StorageObjects.LookupFailedException {
    Instant now = time.instant();
    RememberedClass remembered = classes.get(name);
    if (remembered != null && now.isBefore(remembered.until())) {
      return remembered.found();
    }
    Optional<StorageClass> found = objects.storageClass(name);
    if (classes.size() >= MOST_CLASSES) {
      classes.clear();
    }
    classes.put(name, new RememberedClass(found, now.plus(CLASS_REMEMBERED)));
    return found;
  }
}
