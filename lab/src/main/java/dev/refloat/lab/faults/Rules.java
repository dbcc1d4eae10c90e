package dev.refloat.lab.faults;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The rules in force, in the order in which they were given. */
final class Rules {

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  Rule add(Rule rule) {
    rules.add(rule);
    return rule;
  }

  /** Returns the first rule whose fault is for {@code request}; every rule counts it. */
  Optional<Rule> meet(Request request) {
    Optional<Rule> first = Optional.empty();
    for (Rule rule : rules) {
      if (rule.meets(request) && first.isEmpty()) {
        first = Optional.of(rule);
      }
    }
    return first;
  }
}
