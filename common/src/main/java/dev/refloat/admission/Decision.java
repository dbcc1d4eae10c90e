package dev.refloat.admission;

import dev.refloat.optin.Mistake;
import java.util.List;

/**
 * What becomes of a pod's label. The pod itself is always admitted.
 *
 * <p>A closed set: the simple name of a decision and that of its reason are log values and metric
 * labels.
 */
public sealed interface Decision {

  /** Why, for a machine. */
  String reason();

  /** What the person who wants the pod should know; one sentence each. */
  List<String> warnings();

  /** It gets the label, because of this claim. */
  record Label(ClaimStorage because) implements Decision {
    @Override
    public String reason() {
      return because.getClass().getSimpleName();
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }
  }

  /** It came with a label that it has not earned, and loses it. */
  record Unlabel(Unearned why) implements Decision {
    @Override
    public String reason() {
      return why.reason();
    }

    @Override
    public List<String> warnings() {
      return why.warnings();
    }
  }

  /** It stays as it is. */
  record Leave(Unchanged why) implements Decision {
    @Override
    public String reason() {
      return why.reason();
    }

    @Override
    public List<String> warnings() {
      return why.warnings();
    }
  }

  /** Why a pod stays as it is. */
  sealed interface Unchanged {

    /** The name of the reason for machines. */
    default String reason() {
      return getClass().getSimpleName();
    }

    /** What a person should know about it. */
    default List<String> warnings() {
      return List.of();
    }
  }

  /** It is in a namespace that is none of our business. */
  record NotWatched(String namespace) implements Unchanged {}

  /** It has the label already, and has earned it by this claim. */
  record LabelledAlready(ClaimStorage because) implements Unchanged {}

  /** Why a pod does not get the label. */
  sealed interface Unearned extends Unchanged {}

  /** No StatefulSet would make it again. */
  record NoStatefulSet(String controller) implements Unearned {}

  record NotOptedIn() implements Unearned {}

  /** Its opt-in makes no sense; all mistakes. */
  record Malformed(List<Mistake> mistakes) implements Unearned {
    public Malformed {
      mistakes = List.copyOf(mistakes);
    }

    @Override
    public List<String> warnings() {
      return mistakes.stream()
          .map(
              mistake ->
                  mistake
                      + "; Refloat leaves this pod alone until its StatefulSet's template is mended")
          .toList();
    }
  }

  /** None of its claims is local, so none is lost with a node. */
  record NoLocalStorage(List<ClaimStorage> claims) implements Unearned {
    public NoLocalStorage {
      claims = List.copyOf(claims);
    }

    @Override
    public List<String> warnings() {
      return List.of(
          "refloat.dev/recover has no effect: "
              + (claims.isEmpty()
                  ? "the pod mounts no claim"
                  : "none of the claims "
                      + claims.stream().map(ClaimStorage::claim).toList()
                      + " is on local storage"));
    }
  }
}
