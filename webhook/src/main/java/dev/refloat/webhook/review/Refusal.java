package dev.refloat.webhook.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.refloat.admission.Objection;
import dev.refloat.admission.Ruling;
import dev.refloat.optin.Names;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A refusal in the form of Kubernetes' own ones, so that clients show it as they show those: a
 * {@code Status}.
 *
 * @param code of HTTP, which the API server hands on
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go">NewInvalid</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Refusal(String status, String message, String reason, int code, @Nullable Details details) {

  private static final int UNPROCESSABLE = 422;

  /** What is wrong, one by one. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Details(String name, String group, String kind, List<Cause> causes) {}

  record Cause(String reason, String message, String field) {}

  static Refusal of(Ruling.Wrong why) {
    return switch (why) {
      case Ruling.MalformedOptIn(String set, List<Objection> objections) ->
          invalid(set, objections);
      case Ruling.LabelOnForeignPod(String controller) ->
          forbidden(
              "label %s is for pods of StatefulSets only, and Refloat sets it itself (this pod's controller: %s); remove it from the pod or from the template that it is made from"
                  .formatted(Names.LOCAL_STORAGE, controller));
      case Ruling.LabelByHand(Optional<String> before, Optional<String> now) ->
          forbidden(
              "label %s is kept by Refloat alone: it is %s and may not become %s; to opt out set %s: \"false\" in the StatefulSet's template, to keep Refloat away for a while annotate the StatefulSet with %s=true"
                  .formatted(
                      Names.LOCAL_STORAGE, value(before), value(now), Names.RECOVER, Names.PAUSED));
    };
  }

  private static Refusal invalid(String set, List<Objection> objections) {
    return new Refusal(
        "Failure",
        "StatefulSet.apps \"%s\" is invalid: %s"
            .formatted(
                set,
                objections.size() == 1
                    ? objections.getFirst()
                    : objections.stream()
                        .map(Objection::toString)
                        .collect(Collectors.joining(", ", "[", "]"))),
        "Invalid",
        UNPROCESSABLE,
        new Details(
            set,
            "apps",
            "StatefulSet",
            objections.stream()
                .map(each -> new Cause(each.kind().reason(), each.body(), each.field()))
                .toList()));
  }

  private static Refusal forbidden(String message) {
    return new Refusal("Failure", message, "Forbidden", HttpURLConnection.HTTP_FORBIDDEN, null);
  }

  private static String value(Optional<String> label) {
    return label.map(value -> "\"" + value + "\"").orElse("absent");
  }
}
