package dev.refloat.webhook;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.admission.PodAdmission;
import dev.refloat.admission.PodFacts;
import dev.refloat.webhook.review.Answer;
import dev.refloat.webhook.review.Question;
import dev.refloat.webhook.review.Reading;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Answers {@code POST /mutate}: labels pods that are about to be created. */
final class Mutation implements Endpoint.Admission {

  static final String OPERATION = "mutate";

  private static final Logger log = LoggerFactory.getLogger(Mutation.class);

  private final PodAdmission admission;
  private final PodAdmission.Storage storage;
  private final Metrics metrics;

  /**
   * @param storage always answers in time
   */
  Mutation(PodAdmission admission, PodAdmission.Storage storage, Metrics metrics) {
    this.admission = admission;
    this.storage = storage;
    this.metrics = metrics;
  }

  @Override
  public Optional<byte[]> answer(Reading.Asked asked) {
    if (!(asked.question() instanceof Question.PodCreated(PodFacts pod, boolean hasLabels))) {
      return Optional.empty();
    }
    Decision decision = admission.decide(pod, storage);
    metrics.decided(OPERATION, decision);
    tell(asked, pod, decision);
    return Optional.of(Answer.of(asked.uid(), decision, hasLabels));
  }

  private static void tell(Reading.Asked asked, PodFacts pod, Decision decision) {
    switch (decision) {
      case Decision.Label(ClaimStorage.Unanswered(String claim, String why)) ->
          about(log.atWarn(), asked, pod, decision)
              .addKeyValue("pvc", claim)
              .addKeyValue("why", why)
              .log("Labelled a pod without knowing its storage");
      case Decision.Label(ClaimStorage because) ->
          about(log.atInfo(), asked, pod, decision)
              .addKeyValue("pvc", because.claim())
              .log("Labelled a pod");
      case Decision.Unlabel _ ->
          about(log.atWarn(), asked, pod, decision).log("Took a label off that was not earned");
      case Decision.Leave(Decision.Malformed malformed) ->
          about(log.atWarn(), asked, pod, decision)
              .addKeyValue("mistakes", malformed.mistakes())
              .log("Left a pod unlabelled whose opt-in makes no sense");
      case Decision.Leave _ ->
          about(log.atDebug(), asked, pod, decision).log("Left a pod as it is");
    }
  }

  private static LoggingEventBuilder about(
      LoggingEventBuilder line, Reading.Asked asked, PodFacts pod, Decision decision) {
    LoggingEventBuilder about =
        line.addKeyValue("namespace", pod.namespace())
            .addKeyValue("pod", pod.name())
            .addKeyValue("statefulset", pod.controller().map(PodFacts.Controller::name).orElse(""))
            .addKeyValue("reason", decision.reason())
            .addKeyValue("uid", asked.uid());
    return asked.dryRun() ? about.addKeyValue("dryRun", true) : about;
  }
}
