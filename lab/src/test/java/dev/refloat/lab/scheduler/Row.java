package dev.refloat.lab.scheduler;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One row of a table.
 *
 * @param what names the row
 * @param subject what is put to Kubernetes
 * @param expected what Kubernetes makes of it
 */
record Row<S>(String what, S subject, Expected expected) {

  /** Returns the same row with another subject. */
  <T> Row<T> with(Function<S, T> change) {
    return new Row<>(what, change.apply(subject), expected);
  }

  static <S> Row<S> on(String what, S subject, String... nodes) {
    return new Row<>(what, subject, new Expected.On(Set.of(nodes)));
  }

  static <S> Row<S> refused(String what, S subject, String because) {
    return new Row<>(what, subject, new Expected.Refused(because));
  }

  static <S> Row<S> refusedLately(String what, S subject, String because) {
    return new Row<>(what, subject, new Expected.RefusedLately(because));
  }

  /** What Kubernetes makes of a row. */
  sealed interface Expected {

    /** The scheduler takes exactly these nodes. */
    record On(Set<String> nodes) implements Expected {
      @Override
      public String toString() {
        return "on " + new TreeSet<>(nodes);
      }
    }

    /** The API server does not let it in. */
    record Refused(String because) implements Expected {}

    /**
     * Newer API servers do not let it in; where older ones do, the scheduler takes no node. See <a
     * href="https://github.com/kubernetes/kubernetes/pull/128212">kubernetes#128212</a>.
     */
    record RefusedLately(String because) implements Expected {}

    default boolean allows(Outcome outcome) {
      return switch (this) {
        case On(Set<String> nodes) -> outcome.equals(new Outcome.On(nodes));
        case Refused(String because) -> refused(outcome, because);
        case RefusedLately(String because) ->
            refused(outcome, because) || outcome.equals(new Outcome.On(Set.of()));
      };
    }

    private static boolean refused(Outcome outcome, String because) {
      return outcome instanceof Outcome.Refused(String said) && said.contains(because);
    }
  }

  /** What Kubernetes has made of a row. */
  sealed interface Outcome {

    /** The scheduler has taken these nodes. */
    record On(Set<String> nodes) implements Outcome {
      @Override
      public String toString() {
        return "on " + new TreeSet<>(nodes);
      }
    }

    /** The API server has not let it in. */
    record Refused(String said) implements Outcome {}
  }
}
