package dev.refloat.lab.faults;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What went through the proxy up to one moment.
 *
 * @param exchanges in the order in which the requests came
 */
public record Recording(List<Exchange> exchanges) {

  public Recording {
    exchanges = List.copyOf(exchanges);
  }

  /** Returns those that are about {@code requests}. */
  public Recording of(Requests requests) {
    return new Recording(
        exchanges.stream().filter(exchange -> requests.include(exchange.request())).toList());
  }

  /** Returns those that came later than all of {@code earlier}. */
  public Recording since(Recording earlier) {
    long last = earlier.exchanges.isEmpty() ? 0 : earlier.exchanges.getLast().number();
    return new Recording(exchanges.stream().filter(exchange -> exchange.number() > last).toList());
  }

  /** Returns those that the API server has carried out. */
  public Recording succeeded() {
    return new Recording(exchanges.stream().filter(Exchange::succeeded).toList());
  }

  /** Returns how many there are. */
  public int count() {
    return exchanges.size();
  }

  /** Returns how many reads there are; a watch is one. */
  public long reads() {
    return exchanges.stream().filter(exchange -> !exchange.request().verb().writes()).count();
  }

  /** Returns how many writes there are, refused ones included. */
  public long writes() {
    return exchanges.stream().filter(exchange -> exchange.request().verb().writes()).count();
  }

  /** Returns how many bytes the API server has sent. */
  public long bytes() {
    return exchanges.stream().mapToLong(Exchange::bytes).sum();
  }

  /** Returns how many there are of each kind, such as {@code DELETE pods}. */
  public Map<String, Long> counts() {
    return exchanges.stream()
        .collect(
            Collectors.groupingBy(
                exchange -> exchange.request().verb() + " " + exchange.request().resource(),
                TreeMap::new,
                Collectors.counting()));
  }
}
