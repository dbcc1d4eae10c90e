package dev.refloat.webhook;

import dev.refloat.webhook.Metrics.Undecided;
import dev.refloat.webhook.review.Answer;
import dev.refloat.webhook.review.Reading;
import dev.refloat.webhook.review.ReviewReader;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One path that reviews are sent to: reads them, has somebody answer them, and sees to it that
 * whatever goes wrong keeps nothing from being written.
 */
final class Endpoint {

  private static final Logger log = LoggerFactory.getLogger(Endpoint.class);

  private final ReviewReader reader = new ReviewReader();
  private final String operation;
  private final Admission admission;
  private final Metrics metrics;

  /** Answers what it is asked. It changes nothing, so a dry run is a question like any other. */
  @FunctionalInterface
  interface Admission {
    /** Returns the AdmissionReview to send back; empty if the question is none of its own. */
    Optional<byte[]> answer(Reading.Asked asked);
  }

  /**
   * @param operation its name, which is its path without the slash, and a metric label
   */
  Endpoint(String operation, Admission admission, Metrics metrics) {
    this.operation = operation;
    this.admission = admission;
    this.metrics = metrics;
  }

  String operation() {
    return operation;
  }

  /** Reads the body to its end, if it is of any use, and returns what to send back. */
  Reply answer(InputStream body) {
    return switch (reader.read(body)) {
      case Reading.Asked asked -> answer(asked);
      case Reading.SomethingElse(String uid, String verb, String resource) -> {
        log.atDebug()
            .addKeyValue("path", operation)
            .addKeyValue("uid", uid)
            .addKeyValue("operation", verb)
            .addKeyValue("resource", resource)
            .log("Asked about something that is not ours");
        yield notOurs(uid);
      }
      case Reading.Unreadable(String why) -> {
        metrics.undecided(operation, Undecided.UNREADABLE);
        log.atWarn().addKeyValue("why", why).log("Refused a request that cannot be read");
        yield Reply.sentence(400, why);
      }
      case Reading.TooLarge(long limit) -> {
        metrics.undecided(operation, Undecided.TOO_LARGE);
        log.atWarn().addKeyValue("limit", limit).log("Refused a request that is too large");
        yield Reply.sentence(413, "the body has more than " + limit + " bytes");
      }
      case Reading.Interrupted(String why) -> {
        metrics.undecided(operation, Undecided.INTERRUPTED);
        log.atDebug().addKeyValue("why", why).log("A request did not come to its end");
        yield Reply.sentence(408, "the body did not come to its end");
      }
    };
  }

  /** A mistake of ours must not keep anything from being written: it is admitted as it is. */
  private Reply answer(Reading.Asked asked) {
    try {
      return admission.answer(asked).map(Reply::review).orElseGet(() -> notOurs(asked.uid()));
    } catch (RuntimeException e) {
      metrics.undecided(operation, Undecided.FAILED);
      log.atError()
          .addKeyValue("path", operation)
          .addKeyValue("uid", asked.uid())
          .setCause(e)
          .log("Failed to decide; admitted as it is");
      return Reply.review(Answer.admitted(asked.uid()));
    }
  }

  private Reply notOurs(String uid) {
    metrics.undecided(operation, Undecided.NOT_OURS);
    return Reply.review(Answer.admitted(uid));
  }
}
