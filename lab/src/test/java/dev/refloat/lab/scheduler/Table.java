package dev.refloat.lab.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;

/**
 * Rows that are all put to Kubernetes before any answer is waited for.
 *
 * @param rows each with a name of its own
 */
record Table<S>(List<Row<S>> rows) {

  private static final int UNPROCESSABLE = 422;

  Table {
    rows = List.copyOf(rows);
    assertThat(rows).extracting(Row::what).doesNotHaveDuplicates();
  }

  /**
   * Makes every row, and returns what the API server said to those that it refused.
   *
   * @param make sends the objects of a row
   */
  Map<String, String> make(Consumer<Row<S>> make) {
    Map<String, String> refused = new TreeMap<>();
    for (Row<S> row : rows) {
      try {
        make.accept(row);
      } catch (KubernetesClientException e) {
        if (e.getCode() != UNPROCESSABLE) {
          throw e;
        }
        refused.put(row.what(), e.getStatus().getMessage());
      }
    }
    return refused;
  }

  /**
   * Compares every row with what Kubernetes has made of it, and what Refloat says with what the
   * scheduler does.
   *
   * @param refused what the API server said, by row
   * @param scheduler the nodes that the scheduler has taken, by row
   * @param refloat the nodes that Refloat would take, by row
   */
  void check(
      Map<String, String> refused,
      Map<String, Set<String>> scheduler,
      Map<String, Set<String>> refloat) {
    Set<String> answered = new HashSet<>(refused.keySet());
    answered.addAll(scheduler.keySet());
    assertThat(answered).containsExactlyInAnyOrderElementsOf(rows.stream().map(Row::what).toList());
    SoftAssertions softly = new SoftAssertions();
    for (Row<S> row : rows) {
      String said = refused.get(row.what());
      Row.Outcome outcome =
          said == null
              ? new Row.Outcome.On(scheduler.getOrDefault(row.what(), Set.of()))
              : new Row.Outcome.Refused(said);
      softly
          .assertThat(row.expected().allows(outcome))
          .as("Kubernetes: %s; expected %s, was %s", row.what(), row.expected(), outcome)
          .isTrue();
    }
    softly.assertThat(refloat).as("Refloat, beside the scheduler").isEqualTo(scheduler);
    softly.assertAll();
  }
}
