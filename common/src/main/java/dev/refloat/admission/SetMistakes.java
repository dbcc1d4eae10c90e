package dev.refloat.admission;

import dev.refloat.optin.Mistake;
import dev.refloat.optin.Names;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds everything that is wrong with what a StatefulSet says about Refloat. */
final class SetMistakes {

  /** So many are told. The names that we know, wrong in every way, make half as many. */
  private static final int MOST_TOLD = 20;

  /** So many are compared: sixteen pairs of sets at once must find room. */
  private static final int MOST = 200;

  private static final String TEMPLATE = "spec.template.metadata";

  /** What somebody may have meant who wrote an unknown name on a set. */
  private static final Set<String> ON_SET =
      Stream.concat(Names.IN_TEMPLATE.stream(), Stream.of(Names.PAUSED))
          .collect(Collectors.toUnmodifiableSet());

  private SetMistakes() {}

  /**
   * Returns the mistakes, in the order of the object; empty if there are none. All of them, but for
   * those beyond a number that nobody reads.
   */
  static List<Objection> of(SetFacts set) {
    List<Objection> found = new ArrayList<>();
    onSet(set.own(), set.template(), found);
    inTemplate(set.template(), found);
    for (int i = 0; i < set.claimTemplates().size() && found.size() < MOST; i++) {
      onClaimTemplate(
          "spec.volumeClaimTemplates[" + i + "].metadata",
          set.claimTemplates().get(i).marks(),
          found);
    }
    return found.size() <= MOST ? List.copyOf(found) : List.copyOf(found.subList(0, MOST));
  }

  /** Whether one of {@code now} is not among {@code before}; of too many nobody can tell. */
  static boolean bringsAny(List<Objection> now, List<Objection> before) {
    return before.size() < MOST && !Set.copyOf(before).containsAll(now);
  }

  /**
   * Returns those that are told.
   *
   * @param before what was there before, which comes after what is new if there is too much
   */
  static List<Objection> told(List<Objection> now, List<Objection> before) {
    if (now.size() <= MOST_TOLD) {
      return now;
    }
    Set<Objection> known = Set.copyOf(before);
    return now.stream().sorted(Comparator.comparing(known::contains)).limit(MOST_TOLD).toList();
  }

  /** What is in the template as well was copied by a tool, and does no harm. */
  private static void onSet(Marks own, Marks template, List<Objection> found) {
    labels("metadata", own, found);
    own.annotations()
        .forEach(
            (name, value) -> {
              String field = annotation("metadata", name);
              if (value.equals(template.annotations().get(name))) {
                return;
              }
              if (Names.IN_TEMPLATE.contains(name)) {
                found.add(
                    Objection.forbidden(
                        field, "it belongs in " + annotation(TEMPLATE, name) + "; move it there"));
              } else if (!name.equals(Names.PAUSED)) {
                found.add(
                    Objection.invalid(
                        field,
                        value,
                        "no annotation of this name; a StatefulSet itself carries "
                            + Names.PAUSED
                            + " only"
                            + Names.suggestion(name, ON_SET)));
              }
            });
  }

  private static void inTemplate(Marks template, List<Objection> found) {
    labels(TEMPLATE, template, found);
    if (OptInReader.read(template.annotations())
        instanceof OptInReading.Malformed(List<Mistake> mistakes)) {
      for (Mistake mistake : mistakes) {
        found.add(
            Objection.invalid(
                annotation(TEMPLATE, mistake.annotation()), mistake.value(), mistake.expected()));
      }
    }
  }

  /** What is there Refloat writes on claims, as its memory of what it did. */
  private static void onClaimTemplate(String where, Marks marks, List<Objection> found) {
    labels(where, marks, found);
    marks
        .annotations()
        .keySet()
        .forEach(
            name ->
                found.add(
                    Objection.forbidden(
                        annotation(where, name),
                        Names.IN_TEMPLATE.contains(name)
                            ? "it belongs in " + annotation(TEMPLATE, name) + "; move it there"
                            : "what Refloat notes on claims it writes itself; remove it")));
  }

  private static void labels(String where, Marks marks, List<Objection> found) {
    marks
        .labels()
        .keySet()
        .forEach(
            name ->
                found.add(
                    Objection.forbidden(
                        where + ".labels[" + name + "]",
                        name.equals(Names.LOCAL_STORAGE)
                            ? "Refloat sets this label itself, on pods; remove it"
                            : "Refloat reads annotations, not labels; the opt-in belongs in "
                                + TEMPLATE
                                + ".annotations")));
  }

  private static String annotation(String where, String name) {
    return where + ".annotations[" + name + "]";
  }
}
