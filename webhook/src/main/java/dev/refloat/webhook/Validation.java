package dev.refloat.webhook;

import dev.refloat.admission.ClassStorage;
import dev.refloat.admission.LabelAdmission;
import dev.refloat.admission.PodFacts;
import dev.refloat.admission.Ruling;
import dev.refloat.admission.SetAdmission;
import dev.refloat.admission.SetFacts;
import dev.refloat.webhook.review.Answer;
import dev.refloat.webhook.review.Question;
import dev.refloat.webhook.review.Reading;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Answers {@code POST /validate}: refuses opt-ins that make no sense, and our label where others
 * write it.
 */
final class Validation implements Endpoint.Admission {

  static final String OPERATION = "validate";

  private static final Logger log = LoggerFactory.getLogger(Validation.class);

  private final SetAdmission sets;
  private final LabelAdmission labels;
  private final Classes classes;
  private final Metrics metrics;

  /** Finds out about storage classes; always answers in time. */
  @FunctionalInterface
  interface Classes {
    List<ClassStorage> of(NavigableSet<String> names);
  }

  Validation(SetAdmission sets, LabelAdmission labels, Classes classes, Metrics metrics) {
    this.sets = sets;
    this.labels = labels;
    this.classes = classes;
    this.metrics = metrics;
  }

  @Override
  public Optional<byte[]> answer(Reading.Asked asked) {
    Ruling ruling =
        switch (asked.question()) {
          case Question.PodCreated(PodFacts pod, _) -> labels.created(pod, asked.user());
          case Question.PodChanged(PodFacts before, PodFacts now) ->
              labels.changed(now.namespace(), asked.user(), before.label(), now.label());
          case Question.SetWritten(String namespace, Optional<SetFacts> before, SetFacts now) ->
              rule(namespace, before, now);
        };
    metrics.ruled(OPERATION, ruling);
    tell(asked, ruling);
    return Optional.of(Answer.of(asked.uid(), ruling));
  }

  private Ruling rule(String namespace, Optional<SetFacts> before, SetFacts now) {
    return switch (sets.screen(namespace, now, before)) {
      case SetAdmission.Screening.Settled(Ruling ruling) -> ruling;
      case SetAdmission.Screening.DependsOnClasses(NavigableSet<String> names) ->
          sets.rule(now, names.isEmpty() ? List.of() : classes.of(names));
    };
  }

  private static void tell(Reading.Asked asked, Ruling ruling) {
    switch (ruling) {
      case Ruling.Refuse(Ruling.MalformedOptIn(_, var objections)) ->
          about(log.atInfo(), asked, ruling)
              .addKeyValue("mistakes", objections)
              .log("Refused a StatefulSet whose opt-in makes no sense");
      case Ruling.Refuse(Ruling.LabelOnForeignPod _), Ruling.Refuse(Ruling.LabelByHand _) ->
          about(log.atInfo(), asked, ruling).log("Refused a label that is Refloat's to set");
      case Ruling.Admit(_, List<String> warnings) when !warnings.isEmpty() ->
          // Whoever writes it is told; an operator may write it every minute.
          about(log.atDebug(), asked, ruling)
              .addKeyValue("warnings", warnings)
              .log("Admitted with warnings");
      case Ruling.Admit _ -> about(log.atDebug(), asked, ruling).log("Admitted");
    }
  }

  private static LoggingEventBuilder about(
      LoggingEventBuilder line, Reading.Asked asked, Ruling ruling) {
    LoggingEventBuilder about =
        switch (asked.question()) {
          case Question.PodCreated(PodFacts pod, _) -> about(line, pod);
          case Question.PodChanged(_, PodFacts pod) -> about(line, pod);
          case Question.SetWritten(String namespace, _, SetFacts set) ->
              line.addKeyValue("namespace", namespace).addKeyValue("statefulset", set.name());
        };
    LoggingEventBuilder whole =
        about
            .addKeyValue("reason", ruling.reason())
            .addKeyValue("user", asked.user())
            .addKeyValue("uid", asked.uid());
    return asked.dryRun() ? whole.addKeyValue("dryRun", true) : whole;
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, PodFacts pod) {
    return line.addKeyValue("namespace", pod.namespace()).addKeyValue("pod", pod.name());
  }
}
