package dev.refloat.admission;

import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import java.util.List;
import java.util.Optional;

/**
 * Decides about the label of a pod in two steps, so that storage is looked up for those pods only
 * whose label depends on it.
 */
public final class PodAdmission {

  /** The label's one right value. */
  public static final String EARNED = "true";

  private final WatchedNamespaces watched;
  private final LocalStorage storage;

  public PodAdmission(WatchedNamespaces watched, LocalStorage storage) {
    this.watched = watched;
    this.storage = storage;
  }

  /** How far a pod alone leads. */
  public sealed interface Screening {

    /** Its storage does not matter. */
    record Settled(Decision decision) implements Screening {}

    /** It is to be labelled if one of its claims, at least one, may be local. */
    record DependsOnStorage(List<String> claims) implements Screening {
      public DependsOnStorage {
        claims = List.copyOf(claims);
      }
    }
  }

  /** Finds out what is behind the claims of a pod. */
  @FunctionalInterface
  public interface Storage {
    /** May leave out the claims after the first that {@linkplain #earnsLabel earns the label}. */
    List<ClaimStorage> of(String namespace, List<String> claims);
  }

  /**
   * Returns the decision.
   *
   * @param found asked only where the decision depends on it
   */
  public Decision decide(PodFacts pod, Storage found) {
    return switch (screen(pod)) {
      case Screening.Settled(Decision decision) -> decision;
      case Screening.DependsOnStorage(List<String> claims) ->
          decide(pod, found.of(pod.namespace(), claims));
    };
  }

  /** Returns the decision, or whose storage must be known for it. */
  public Screening screen(PodFacts pod) {
    if (!watched.includes(pod.namespace())) {
      return new Screening.Settled(new Decision.Leave(new Decision.NotWatched(pod.namespace())));
    }
    Optional<Decision.Unearned> unearned = againstPod(pod);
    if (unearned.isPresent()) {
      return new Screening.Settled(withoutLabel(pod, unearned.get()));
    }
    return pod.claims().isEmpty()
        ? new Screening.Settled(withoutLabel(pod, new Decision.NoLocalStorage(List.of())))
        : new Screening.DependsOnStorage(pod.claims());
  }

  /**
   * Returns the decision about a pod whose storage matters.
   *
   * @param found what was found out about its claims; those after the first that may be local may
   *     be left out
   */
  public Decision decide(PodFacts pod, List<ClaimStorage> found) {
    return found.stream()
        .filter(this::earnsLabel)
        .findFirst()
        .map(because -> withLabel(pod, because))
        .orElseGet(() -> withoutLabel(pod, new Decision.NoLocalStorage(found)));
  }

  /** Whether this claim alone earns the label, so that no other need be looked at. */
  public boolean earnsLabel(ClaimStorage claim) {
    return claim.mayBeLocal(storage);
  }

  private static Optional<Decision.Unearned> againstPod(PodFacts pod) {
    if (pod.controller().filter(PodFacts.Controller::isStatefulSet).isEmpty()) {
      return Optional.of(
          new Decision.NoStatefulSet(
              pod.controller().map(PodFacts.Controller::toString).orElse("none")));
    }
    return switch (OptInReader.read(pod.annotations())) {
      case OptInReading.Yes _ -> Optional.empty();
      case OptInReading.No() -> Optional.of(new Decision.NotOptedIn());
      case OptInReading.Malformed(var mistakes) -> Optional.of(new Decision.Malformed(mistakes));
    };
  }

  private static Decision withLabel(PodFacts pod, ClaimStorage because) {
    return pod.label().filter(EARNED::equals).isPresent()
        ? new Decision.Leave(new Decision.LabelledAlready(because))
        : new Decision.Label(because);
  }

  /** Whatever its value says: a label of that name is ours. */
  private static Decision withoutLabel(PodFacts pod, Decision.Unearned why) {
    return pod.label().isPresent() ? new Decision.Unlabel(why) : new Decision.Leave(why);
  }
}
