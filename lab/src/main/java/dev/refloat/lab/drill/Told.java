package dev.refloat.lab.drill;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Refloat tells about a pod from a moment on, whatever it is made anew in the meantime.
 *
 * @param before the Events that were there then, and how often each had been told
 */
record Told(App app, String pod, Set<String> before) {

  /** Who writes Refloat's Events. */
  private static final String REFLOAT = "refloat.dev/controller";

  private static final String NOTHING =
      "no Event; does its controller run, without DRY_RUN, and watch this namespace? (kubectl get pods -n refloat-system)";

  static Told fromNowOn(App app, String pod) {
    return new Told(
        app, pod, all(app, pod).stream().map(Told::told).collect(Collectors.toUnmodifiableSet()));
  }

  /** What is told again in the same words is the same Event, with a higher count. */
  private static String told(Event event) {
    return "%s %d"
        .formatted(App.uid(event), event.getSeries() == null ? 1 : event.getSeries().getCount());
  }

  /** Returns the Events, the oldest first. */
  List<Event> events() {
    return all(app, pod).stream().filter(event -> !before.contains(told(event))).toList();
  }

  static boolean has(List<Event> events, String reason) {
    return events.stream().anyMatch(event -> event.getReason().equals(reason));
  }

  private static List<Event> all(App app, String pod) {
    return app
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(app.namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> REFLOAT.equals(event.getReportingController()))
        .filter(event -> event.getRegarding() != null)
        .filter(event -> pod.equals(event.getRegarding().getName()))
        .sorted(Comparator.comparing(event -> event.getMetadata().getCreationTimestamp()))
        .toList();
  }

  /** Returns the last of them in words. */
  static String words(List<Event> events) {
    return events.isEmpty() ? NOTHING : words(events.getLast());
  }

  /** Returns the one with that reason in words, else the last. */
  static String words(List<Event> events, String reason) {
    return events.stream()
        .filter(event -> event.getReason().equals(reason))
        .findFirst()
        .map(Told::words)
        .orElseGet(() -> words(events));
  }

  private static String words(Event event) {
    return "%s: %s".formatted(event.getReason(), event.getNote());
  }
}
