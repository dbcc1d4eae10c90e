package dev.refloat.lab.e2e;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.RefloatProcess;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a controller has asked of the API server so far, by {@code verb resource}, as its own
 * metrics count it.
 */
record ApiRequests(Map<String, Integer> counts) {

  private static final Pattern LINE =
      Pattern.compile(
          "refloat_api_requests_total\\{resource=\"(\\w+)\",verb=\"(\\w+)\"} (\\d+)\\.0");
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  ApiRequests {
    counts = Map.copyOf(counts);
  }

  static ApiRequests of(RefloatProcess controller) {
    Map<String, Integer> counts = new TreeMap<>();
    Matcher line = LINE.matcher(controller.get("/metrics"));
    while (line.find()) {
      counts.put(line.group(2) + " " + line.group(1), Integer.valueOf(line.group(3)));
    }
    return new ApiRequests(counts);
  }

  /** The same once nothing but Leases has been asked for a while. */
  static ApiRequests ofQuiet(RefloatProcess controller) {
    AtomicReference<ApiRequests> before = new AtomicReference<>(of(controller));
    return new Await(Duration.ofSeconds(20), Duration.ofMillis(700))
        .until(
            "the controller asks nothing",
            () -> of(controller),
            now -> now.since(before.getAndSet(now)).counts().isEmpty());
  }

  /**
   * What came since then; Events, and the node's Leases that are looked at all the time, left out.
   */
  ApiRequests since(ApiRequests before) {
    Map<String, Integer> more = new TreeMap<>();
    counts.forEach(
        (what, count) -> {
          int news = count - before.counts.getOrDefault(what, 0);
          if (news > 0 && !what.endsWith(" events") && !what.endsWith(" leases")) {
            more.put(what, news);
          }
        });
    return new ApiRequests(more);
  }

  int of(String what) {
    return counts.getOrDefault(what, 0);
  }

  int reads() {
    return sum(false);
  }

  int writes() {
    return sum(true);
  }

  private int sum(boolean writes) {
    return counts.entrySet().stream()
        .filter(
            each ->
                WRITES.stream().anyMatch(verb -> each.getKey().startsWith(verb + " ")) == writes)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  @Override
  public String toString() {
    return reads() + " reads, " + writes() + " writes: " + new TreeMap<>(counts);
  }
}
