package dev.refloat.admission;

import java.util.List;
import java.util.Optional;

/**
 * Whether an object may be written as it is.
 *
 * <p>A closed set: the simple names of the reasons are log values and metric labels.
 */
public sealed interface Ruling {

  /** Why, for a machine. */
  String reason();

  /**
   * It may.
   *
   * @param warnings what the person who writes it should know; one sentence each
   */
  record Admit(Fine why, List<String> warnings) implements Ruling {
    public Admit {
      warnings = List.copyOf(warnings);
    }

    static Admit silently(Fine why) {
      return new Admit(why, List.of());
    }

    @Override
    public String reason() {
      return why.getClass().getSimpleName();
    }
  }

  /** It may not. */
  record Refuse(Wrong why) implements Ruling {
    @Override
    public String reason() {
      return why.getClass().getSimpleName();
    }
  }

  /** Why an object is admitted. */
  sealed interface Fine {}

  /** It is in a namespace that is none of our business. */
  record NotWatched(String namespace) implements Fine {}

  /** A StatefulSet that does not ask for anything. */
  record NotOptedIn() implements Fine {}

  /** A StatefulSet with an opt-in that makes sense. */
  record OptedIn() implements Fine {}

  /** A change that leaves mistakes behind which were there before, and adds none. */
  record NothingNew(List<Objection> before) implements Fine {
    public NothingNew {
      before = List.copyOf(before);
    }
  }

  /** A pod that a StatefulSet makes: it is never refused, whatever it carries. */
  record OfStatefulSet() implements Fine {}

  /** The label is not there, or what it was. */
  record LabelUntouched() implements Fine {}

  /** Refloat itself writes its label. */
  record OwnAccount() implements Fine {}

  /** Why an object is refused. */
  sealed interface Wrong {}

  /** All that is wrong with a StatefulSet's opt-in. */
  record MalformedOptIn(String set, List<Objection> objections) implements Wrong {
    public MalformedOptIn {
      objections = List.copyOf(objections);
    }
  }

  /** Our label on a pod that no StatefulSet would make again. */
  record LabelOnForeignPod(String controller) implements Wrong {}

  /** Our label set, changed or removed by somebody else. */
  record LabelByHand(Optional<String> before, Optional<String> now) implements Wrong {}
}
