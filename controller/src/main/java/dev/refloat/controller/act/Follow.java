package dev.refloat.controller.act;

import dev.refloat.controller.report.Reporter;
import dev.refloat.controller.survey.Survey;
import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Attempts;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a pod whose claims were given up until it is bound, on a live node, with claims that are
 * bound again.
 *
 * <p>That the new volumes can be used on that node need not be asked again: the scheduler checks
 * exactly this before it binds: <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumebinding/binder.go">checkBindings</a>.
 */
public final class Follow {

  private static final Logger log = LoggerFactory.getLogger(Follow.class);
  private static final Duration BOUND_BY = Duration.ofMinutes(2);

  /** How soon it is looked if the watch tells nothing, at first and at last. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

  private static final Duration LOOK_AT_LEAST = Duration.ofSeconds(10);

  /** Later than nearly every pod is bound: a write to a claim makes its binder begin anew. */
  private static final Duration MARKED_AFTER = Duration.ofSeconds(5);

  /** A node that was seen alive this lately need not be asked for. */
  private static final Duration SEEN_LATELY = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final InstantSource time;
  private final Survey survey;
  private final Hands hands;
  private final Reporter reporter;
  private final Sight sight;
  private final Doorbell doorbell;
  private final BooleanSupplier ending;

  public Follow(
      KubernetesClient client,
      InstantSource time,
      Survey survey,
      Hands hands,
      Reporter reporter,
      Sight sight,
      Doorbell doorbell,
      BooleanSupplier ending) {
    this.client = client;
    this.time = time;
    this.survey = survey;
    this.hands = hands;
    this.reporter = reporter;
    this.sight = sight;
    this.doorbell = doorbell;
    this.ending = ending;
  }

  /**
   * Waits, for two minutes at most.
   *
   * @throws InterruptedException if the process ends
   */
  public Outcome untilBound(Recovered recovered) throws InterruptedException {
    long begunAt = System.nanoTime();
    long deadline = begunAt + BOUND_BY.toNanos();
    boolean marked = false;
    boolean podDeleted = recovered.deleted().isPresent();
    ObjectId gone = recovered.pod();
    // What the watch has seen waiting and does not see any more is worth a look at once.
    boolean expected = !podDeleted;
    Duration wait = FIRST_LOOK;
    try (Doorbell.Listener listener = doorbell.listen(recovered.key())) {
      while (System.nanoTime() < deadline) {
        Optional<String> waiting = waiting(recovered).map(ObjectId::uid);
        boolean look;
        if (waiting.filter(uid -> !(podDeleted && uid.equals(gone.uid()))).isPresent()) {
          // Of all the pods that wait in a storm the watch tells which one leaves; nobody asks.
          expected = true;
          look = false;
          var _ = listener.rings(marked ? LOOK_AT_LEAST : MARKED_AFTER);
        } else if (expected) {
          expected = false;
          look = true;
        } else {
          look = !listener.rings(wait);
          wait = Collections.min(List.of(wait.multipliedBy(2), LOOK_AT_LEAST));
        }
        if (ending.getAsBoolean()) {
          throw new InterruptedException("the process ends");
        }
        if (!marked && System.nanoTime() - begunAt > MARKED_AFTER.toNanos()) {
          // Whoever comes after a crash reads from the mark that the pod was given a new claim.
          var _ = mark(recovered, false);
          marked = true;
        }
        Optional<Outcome> bound = look ? bound(recovered, marked) : Optional.empty();
        if (bound.isPresent()) {
          return bound.get();
        }
      }
    }
    var _ = mark(recovered, true);
    // What a watch shows convicts nobody.
    return bound(recovered)
        .orElseGet(
            () -> new Outcome.RecoveredButNotBound(waiting(recovered).orElse(gone), BOUND_BY));
  }

  /** The pod of that name that the watch sees waiting. */
  private Optional<ObjectId> waiting(Recovered recovered) {
    return Optional.ofNullable(sight.waiting(recovered.key()).get(recovered.pod().name()));
  }

  /**
   * Looks once, and marks the new claims where that was not done.
   *
   * @return that the pod is bound; empty if it is not, or that could not be read
   */
  public Optional<Outcome> bound(Recovered recovered) {
    return bound(recovered, true);
  }

  private Optional<Outcome> bound(Recovered recovered, boolean onlyIfMissing) {
    try {
      ObjectId id = recovered.pod();
      Optional<io.fabric8.kubernetes.api.model.Pod> found =
          Optional.ofNullable(client.pods().inNamespace(id.namespace()).withName(id.name()).get());
      Optional<String> node =
          found
              .map(Facts::pod)
              .filter(pod -> !pod.terminating())
              .flatMap(Pod::node)
              .filter(this::isLive);
      boolean usable =
          node.isPresent()
              && mark(recovered, onlyIfMissing).stream()
                  .allMatch(claim -> claim.filter(Follow::isBound).isPresent());
      return usable
          ? Optional.of(
              new Outcome.Refloated(
                  Facts.id(found.get()),
                  node.get(),
                  Duration.between(recovered.begun(), time.instant()),
                  recovered.deleted().flatMap(before -> before.otherRevision(found.get()))))
          : Optional.empty();
    } catch (KubernetesClientException e) {
      return unread(e);
    }
  }

  private static <T> Optional<T> unread(KubernetesClientException e) {
    log.atDebug()
        .addKeyValue("why", Failures.words(e))
        .log("Failed to look after a recovered pod, trying again");
    return Optional.empty();
  }

  private static boolean isBound(Claim claim) {
    return claim.phase().equals("Bound") && !claim.terminating();
  }

  private boolean isLive(String node) {
    return survey.sawReady(node, time.instant().minus(SEEN_LATELY))
        || client.nodes().withName(node).get() != null;
  }

  /**
   * Marks the new claims, and returns each as it is now; empty where there is none, or that failed.
   *
   * @param onlyIfMissing reads them first: nothing is written on a claim that still goes, nor where
   *     a person may have cleared the guard meanwhile
   */
  private List<Optional<Claim>> mark(Recovered recovered, boolean onlyIfMissing) {
    return recovered.given().stream()
        .map(given -> onlyIfMissing ? markIfMissing(recovered, given) : mark(recovered, given))
        .toList();
  }

  private Optional<Claim> markIfMissing(Recovered recovered, Claim given) {
    try {
      Optional<Claim> claim = hands.remade(given.id());
      return claim.filter(now -> !Attempts.marked(now)).isPresent()
          ? mark(recovered, given)
          : claim;
    } catch (KubernetesClientException e) {
      return unread(e);
    }
  }

  private Optional<Claim> mark(Recovered recovered, Claim given) {
    try {
      String pod = recovered.pod().name();
      int attempt = Attempts.next(given);
      Optional<Claim> marked = hands.markAttempt(given.id(), pod, attempt);
      marked.ifPresent(claim -> reporter.marked(recovered.key(), pod, claim.id(), attempt));
      return marked;
    } catch (KubernetesClientException e) {
      log.atWarn()
          .addKeyValue("namespace", given.id().namespace())
          .addKeyValue("pvc", given.name())
          .addKeyValue("why", Failures.words(e))
          .log("Failed to mark the new claim, the loop guard goes by its age");
      return Optional.empty();
    }
  }
}
