package dev.refloat.admission;

import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Rules on StatefulSets in two steps, so that classes are looked up for those only whose opt-in is
 * worth a warning.
 *
 * <p>A change is refused for mistakes that it brings. Those that were there before it are told as
 * warnings: what gets stricter must not stop anybody from scaling, mending or opting out, as
 * Kubernetes holds it with its own fields.
 *
 * @see <a
 *     href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4008-crd-ratcheting">KEP-4008</a>
 */
public final class SetAdmission {

  private final WatchedNamespaces watched;
  private final LocalStorage storage;

  public SetAdmission(WatchedNamespaces watched, LocalStorage storage) {
    this.watched = watched;
    this.storage = storage;
  }

  /** How far a set alone leads. */
  public sealed interface Screening {

    /** No class matters. */
    record Settled(Ruling ruling) implements Screening {}

    /** It is admitted; whether with warnings depends on these classes, which may be none. */
    record DependsOnClasses(NavigableSet<String> names) implements Screening {
      public DependsOnClasses {
        names = Collections.unmodifiableNavigableSet(new TreeSet<>(names));
      }
    }
  }

  /**
   * Returns the ruling, or which classes must be known for it.
   *
   * @param before the set as it was; empty if it is to be created
   */
  public Screening screen(String namespace, SetFacts set, Optional<SetFacts> before) {
    if (!watched.includes(namespace)) {
      return admitted(new Ruling.NotWatched(namespace), List.of());
    }
    List<Objection> mistakes = SetMistakes.of(set);
    if (!mistakes.isEmpty()) {
      List<Objection> known = before.map(SetMistakes::of).orElse(List.of());
      List<Objection> told = SetMistakes.told(mistakes, known);
      return SetMistakes.bringsAny(mistakes, known)
          ? new Screening.Settled(new Ruling.Refuse(new Ruling.MalformedOptIn(set.name(), told)))
          : admitted(new Ruling.NothingNew(told), told.stream().map(SetAdmission::still).toList());
    }
    return switch (OptInReader.read(set.template().annotations())) {
      case OptInReading.No() -> admitted(new Ruling.NotOptedIn(), SetWarnings.ofNone(set));
      case OptInReading.Yes _ -> new Screening.DependsOnClasses(classes(set));
      case OptInReading.Malformed(var found) ->
          throw new IllegalStateException("no mistake of the template was found, but " + found);
    };
  }

  /**
   * Returns the ruling on a set whose classes matter.
   *
   * @param classes what was found out about them
   */
  public Ruling rule(SetFacts set, List<ClassStorage> classes) {
    if (!(OptInReader.read(set.template().annotations()) instanceof OptInReading.Yes(OptIn in))) {
      throw new IllegalArgumentException(
          set.name() + " has not opted in; expected one that was screened");
    }
    return new Ruling.Admit(new Ruling.OptedIn(), SetWarnings.of(set, in, classes, storage));
  }

  private static NavigableSet<String> classes(SetFacts set) {
    NavigableSet<String> names = new TreeSet<>();
    set.claimTemplates().forEach(template -> template.storageClass().ifPresent(names::add));
    return names;
  }

  private static Screening admitted(Ruling.Fine why, List<String> warnings) {
    return new Screening.Settled(new Ruling.Admit(why, warnings));
  }

  private static String still(Objection mistake) {
    return mistake
        + "; it was there before; Refloat leaves this set's pods alone until it is mended";
  }
}
