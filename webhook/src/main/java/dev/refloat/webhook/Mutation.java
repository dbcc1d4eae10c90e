package dev.refloat.webhook;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.admission.PodAdmission;
import dev.refloat.admission.PodFacts;
import dev.refloat.webhook.Metrics.Undecided;
import dev.refloat.webhook.review.Answer;
import dev.refloat.webhook.review.Reading;
import dev.refloat.webhook.review.ReviewReader;
import java.io.InputStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Answers {@code POST /mutate}: labels pods that are about to be created. It changes nothing in the
 * cluster, so a dry run is answered like any other request.
 */
final class Mutation {

  static final String OPERATION = "mutate";

  private static final Logger log = LoggerFactory.getLogger(Mutation.class);

  private final ReviewReader reader = new ReviewReader();
  private final PodAdmission admission;
  private final Storage storage;
  private final Metrics metrics;

  /** Finds out what is behind claims; always answers in time. */
  @FunctionalInterface
  interface Storage {
    List<ClaimStorage> of(String namespace, List<String> claims);
  }

  Mutation(PodAdmission admission, Storage storage, Metrics metrics) {
    this.admission = admission;
    this.storage = storage;
    this.metrics = metrics;
  }

  /** Reads the body to its end, if it is of any use, and returns what to send back. */
  Reply answer(InputStream body) {
    return switch (reader.read(body)) {
      case Reading.PodCreated created -> decided(created);
      case Reading.SomethingElse(String uid, String operation, String resource) -> {
        log.atDebug()
            .addKeyValue("uid", uid)
            .addKeyValue("operation", operation)
            .addKeyValue("resource", resource)
            .log("Asked about something else than the creation of a pod");
        metrics.undecided(OPERATION, Undecided.NOT_OURS);
        yield Reply.review(Answer.admitted(uid));
      }
      case Reading.Unreadable(String why) -> {
        metrics.undecided(OPERATION, Undecided.UNREADABLE);
        log.atWarn().addKeyValue("why", why).log("Refused a request that cannot be read");
        yield Reply.sentence(400, why);
      }
      case Reading.TooLarge(long limit) -> {
        metrics.undecided(OPERATION, Undecided.TOO_LARGE);
        log.atWarn().addKeyValue("limit", limit).log("Refused a request that is too large");
        yield Reply.sentence(413, "the body has more than " + limit + " bytes");
      }
      case Reading.Interrupted(String why) -> {
        metrics.undecided(OPERATION, Undecided.INTERRUPTED);
        log.atDebug().addKeyValue("why", why).log("A request did not come to its end");
        yield Reply.sentence(408, "the body did not come to its end");
      }
    };
  }

  /** A mistake of ours must not keep a pod from being created: then it is admitted as it is. */
  private Reply decided(Reading.PodCreated created) {
    try {
      Decision decision = decide(created.pod());
      metrics.decided(OPERATION, decision);
      tell(created, decision);
      return Reply.review(Answer.of(created.uid(), decision, created.hasLabels()));
    } catch (RuntimeException e) {
      metrics.undecided(OPERATION, Undecided.FAILED);
      about(log.atError(), created).setCause(e).log("Failed to decide about a pod; admitted");
      return Reply.review(Answer.admitted(created.uid()));
    }
  }

  private Decision decide(PodFacts pod) {
    return switch (admission.screen(pod)) {
      case PodAdmission.Screening.Settled(Decision decision) -> decision;
      case PodAdmission.Screening.DependsOnStorage(List<String> claims) ->
          admission.decide(pod, storage.of(pod.namespace(), claims));
    };
  }

  private static void tell(Reading.PodCreated created, Decision decision) {
    switch (decision) {
      case Decision.Label(ClaimStorage.Unanswered(String claim, String why)) ->
          about(log.atWarn(), created)
              .addKeyValue("pvc", claim)
              .addKeyValue("reason", decision.reason())
              .addKeyValue("why", why)
              .log("Labelled a pod without knowing its storage");
      case Decision.Label(ClaimStorage because) ->
          about(log.atInfo(), created)
              .addKeyValue("pvc", because.claim())
              .addKeyValue("reason", decision.reason())
              .log("Labelled a pod");
      case Decision.Unlabel _ ->
          about(log.atWarn(), created)
              .addKeyValue("reason", decision.reason())
              .log("Took a label off that was not earned");
      case Decision.Leave(Decision.Malformed malformed) ->
          about(log.atWarn(), created)
              .addKeyValue("reason", decision.reason())
              .addKeyValue("mistakes", malformed.mistakes())
              .log("Left a pod unlabelled whose opt-in makes no sense");
      case Decision.Leave _ ->
          about(log.atDebug(), created)
              .addKeyValue("reason", decision.reason())
              .log("Left a pod as it is");
    }
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, Reading.PodCreated created) {
    LoggingEventBuilder about =
        line.addKeyValue("namespace", created.pod().namespace())
            .addKeyValue("pod", created.pod().name())
            .addKeyValue(
                "statefulset", created.pod().controller().map(PodFacts.Controller::name).orElse(""))
            .addKeyValue("uid", created.uid());
    return created.dryRun() ? about.addKeyValue("dryRun", true) : about;
  }
}
