package dev.refloat.lab.bench;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param rounds how many single pods are recovered by each side
 * @param sets how many StatefulSets lose their pod at once
 * @param storms how often they do, for each side
 * @param pods the numbers of healthy labelled pods at which an idle controller is looked at; the
 *     first is what the others are compared with
 * @param windows how many times in a row it is looked at
 * @param window for how long each time
 * @param creations how many pods of each kind are made with the webhook, and as many without
 */
record Sizes(
    int rounds,
    int sets,
    int storms,
    List<Integer> pods,
    int windows,
    Duration window,
    OfAdmission admission,
    int creations) {

  /**
   * How much a webhook is asked.
   *
   * @param connections the numbers of connections that it is asked over
   * @param turns how many times over each
   * @param turn for how long each time
   */
  record OfAdmission(List<Integer> connections, int turns, Duration turn) {
    private static final int MOST_CONNECTIONS = 120;

    OfAdmission {
      connections = List.copyOf(connections);
      connections.forEach(each -> atLeastOne("connections", each));
      if (connections.stream().anyMatch(each -> each > MOST_CONNECTIONS)) {
        throw new IllegalArgumentException(
            "connections is %s; expected %d at most: two clients share the 250 of a webhook"
                .formatted(connections, MOST_CONNECTIONS));
      }
      atLeastOne("turns", turns);
    }
  }

  /** What the targets are about. */
  static final Sizes FULL =
      new Sizes(
          50,
          1_000,
          2,
          List.of(0, 1_000, 10_000),
          4,
          Duration.ofSeconds(30),
          new OfAdmission(List.of(1, 16, 64), 3, Duration.ofSeconds(10)),
          10_000);

  /** Enough to see that everything works, too little to believe any figure. */
  static final Sizes QUICK =
      new Sizes(
          3,
          20,
          1,
          List.of(0, 200),
          2,
          Duration.ofSeconds(10),
          new OfAdmission(List.of(1, 16), 1, Duration.ofSeconds(2)),
          200);

  Sizes {
    pods = List.copyOf(pods);
    atLeastOne("rounds", rounds);
    atLeastOne("sets", sets);
    atLeastOne("storms", storms);
    atLeastOne("windows", windows);
    atLeastOne("creations", creations);
    if (!window.isPositive()) {
      throw new IllegalArgumentException("window is %s; expected some time".formatted(window));
    }
    if (pods.isEmpty()
        || pods.getFirst() < 0
        || !pods.equals(pods.stream().sorted().distinct().toList())) {
      throw new IllegalArgumentException(
          "pods is %s; expected growing numbers, as in 0,1000".formatted(pods));
    }
  }

  private static void atLeastOne(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException("%s is %d; expected 1 or more".formatted(what, number));
    }
  }
}
