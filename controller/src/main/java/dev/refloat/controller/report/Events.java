package dev.refloat.controller.report;

import dev.refloat.process.Failures;
import dev.refloat.process.MergePatch;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events, for {@code kubectl describe}: one after the other, in the background,
 * so that no recovery waits for them. An Event that cannot be written is counted.
 *
 * <p>What was told last about an object is not written again in the same words, but counted in that
 * Event, which becomes a series: <a
 * href="https://github.com/kubernetes/enhancements/blob/master/keps/sig-instrumentation/383-new-event-api-ga-graduation/README.md">KEP-383</a>.
 * Other than there, other words are another Event, they are why somebody reads it; and so is what
 * comes back after others, because {@code kubectl describe} lists Events by when they began, and
 * its last line is to be what holds now.
 */
public final class Events implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Events.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * The limit of {@code note}, in <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/events.go">events.go</a>.
   */
  private static final int LONGEST_NOTE = 1024;

  /** Some megabytes of small records; who produces more has other worries than Events. */
  private static final int MOST_WAITING = 1000;

  /** Whoever forgets one writes it anew. */
  private static final int MOST_REMEMBERED = 1000;

  private static final int NOT_FOUND = 404;
  private static final int FIRST_REFUSAL = 400;
  private static final int FIRST_TROUBLE = 500;

  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(2);

  /** In a storm there is enough to read. */
  private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final MergePatch mergePatch;
  private final InstantSource time;
  private final String instance;
  private final Metrics metrics;
  private final Complaints complaints = new Complaints(BETWEEN_COMPLAINTS);
  private final ExecutorService writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofVirtual().name("events").factory(),
          new ThreadPoolExecutor.AbortPolicy());

  /** What was told last about each object, the longest ago first; used by the writer alone. */
  private final Map<ObjectReference, Told> last =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectReference, Told> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** What an Event says; when is not part of it. */
  private record Words(
      ObjectReference regarding, Type type, String reason, String action, String note) {}

  /**
   * @param event its name
   * @param times how often it was told
   */
  private record Told(Words words, String event, int times) {

    Told again() {
      return new Told(words, event, times + 1);
    }
  }

  public Events(KubernetesClient client, InstantSource time, String instance, Metrics metrics) {
    this.client = client;
    this.mergePatch = new MergePatch(client);
    this.time = time;
    this.instance = instance;
    this.metrics = metrics;
  }

  /** Whether a person should look. */
  enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String wireName;

    Type(String wireName) {
      this.wireName = wireName;
    }
  }

  static ObjectReference pod(String namespace, String name, String uid) {
    return reference("v1", "Pod", namespace, name, uid);
  }

  static ObjectReference claim(String namespace, String name, String uid) {
    return reference("v1", "PersistentVolumeClaim", namespace, name, uid);
  }

  static ObjectReference set(String namespace, String name, String uid) {
    return reference("apps/v1", "StatefulSet", namespace, name, uid);
  }

  /** Who writes them: this process, by the name that the Lease knows. */
  String instance() {
    return instance;
  }

  /** Writes one Event about {@code regarding}, soon. */
  void tell(ObjectReference regarding, Type type, String reason, String action, String note) {
    Instant now = time.instant();
    Words words = new Words(regarding, type, reason, action, shortened(note));
    try {
      writer.execute(() -> write(words, now));
    } catch (RejectedExecutionException e) {
      metrics.eventFailed();
      complaints
          .oneMore(now)
          .ifPresent(
              lost ->
                  log.atWarn()
                      .addKeyValue("events", lost)
                      .addKeyValue("why", MOST_WAITING + " others wait to be written")
                      .log("Failed to write Events, what they say is in the log"));
    }
  }

  /** Writes what is left, for two seconds at most. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(WRITTEN_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        log.warn("Failed to write all Events before the end");
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Words words, Instant now) {
    // Put in anew, so that it is the last one to be forgotten.
    Told before = last.remove(words.regarding());
    try {
      Told told =
          before != null && before.words().equals(words) && isCounted(before.again(), now)
              ? before.again()
              : new Told(words, create(words, now), 1);
      last.put(words.regarding(), told);
    } catch (KubernetesClientException e) {
      metrics.eventFailed();
      complain(words, e, "Failed to write an Event");
    }
  }

  /**
   * Returns whether the Event says now how often it was told. It may be gone (they are kept for an
   * hour, unless told otherwise), or we may not change it.
   */
  private boolean isCounted(Told told, Instant now) {
    try {
      var _ =
          mergePatch.send(
              "apis/events.k8s.io/v1/namespaces/%s/events/%s"
                  .formatted(told.words().regarding().getNamespace(), told.event()),
              Map.of(
                  "series", Map.of("count", told.times(), "lastObservedTime", MICROS.format(now))),
              Event.class);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() < FIRST_REFUSAL || e.getCode() >= FIRST_TROUBLE) {
        throw e;
      }
      if (e.getCode() != NOT_FOUND) {
        complain(told.words(), e, "Failed to count in an Event, writing another one");
      }
      return false;
    }
  }

  private static void complain(Words words, KubernetesClientException why, String what) {
    ObjectReference regarding = words.regarding();
    log.atWarn()
        .addKeyValue("namespace", regarding.getNamespace())
        .addKeyValue("about", regarding.getKind() + " " + regarding.getName())
        .addKeyValue("reason", words.reason())
        .addKeyValue("why", Failures.words(why))
        .log(what);
  }

  /** Returns the name of the new Event. */
  private String create(Words words, Instant now) {
    ObjectReference regarding = words.regarding();
    // Named as client-go names them; a generated name may not hold the dot.
    String name = regarding.getName() + "." + Long.toHexString(nanos(now));
    var _ =
        client
            .events()
            .v1()
            .events()
            .inNamespace(regarding.getNamespace())
            .resource(
                new EventBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(regarding.getNamespace())
                    .endMetadata()
                    .withRegarding(regarding)
                    .withType(words.type().wireName)
                    .withReason(words.reason())
                    .withAction(words.action())
                    .withNote(words.note())
                    .withEventTime(new MicroTime(MICROS.format(now)))
                    .withReportingController("refloat.dev/controller")
                    .withReportingInstance(instance)
                    .build())
            .create();
    return name;
  }

  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 3) + "...";
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  private static ObjectReference reference(
      String version, String kind, String namespace, String name, String uid) {
    return new ObjectReferenceBuilder()
        .withApiVersion(version)
        .withKind(kind)
        .withNamespace(namespace)
        .withName(name)
        .withUid(uid)
        .build();
  }
}
