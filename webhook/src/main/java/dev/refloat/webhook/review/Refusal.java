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
 * A refusal: a {@code Status} with a cause for each field, as Kubernetes' own have them.
 *
 * <p>Never {@code Invalid} (422), which would say it best: who gets that for an update of a
 * StatefulSet takes it for a field that cannot be changed, and deletes the set to make it anew.
 * {@code kubectl apply --force} does, and so do operators. A mistake in an annotation must not cost
 * anybody a database. {@code Conflict} (409) would be taken the same way.
 *
 * @param code of HTTP, which the API server hands on
 * @see <a
 *     href="https://github.com/kubernetes/kubectl/blob/v0.36.3/pkg/cmd/apply/patcher.go">Patcher.Patch</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Refusal(String status, String message, String reason, int code, @Nullable Details details) {

  private static final String FORBIDDEN = "Forbidden";

  /** What is wrong, one by one. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Details(String name, String group, String kind, List<Cause> causes) {}

  record Cause(String reason, String message, String field) {}

  static Refusal of(Ruling.Wrong why) {
    return switch (why) {
      case Ruling.MalformedOptIn(String set, List<Objection> objections) ->
          malformed(set, objections);
      case Ruling.LabelOnForeignPod(String controller) ->
          forbidden(
              "label %s is for pods of StatefulSets only, and Refloat sets it itself (this pod's controller: %s); remove it from the pod or from the template that it is made from"
                  .formatted(Names.LOCAL_STORAGE, controller));
      case Ruling.LabelByHand(Optional<String> before, Optional<String> now) ->
          forbidden(
              "label %s is kept by Refloat alone: it is %s and may not become %s; to keep Refloat away annotate the StatefulSet with %s=true, to opt out set %s: \"false\" in its template"
                  .formatted(
                      Names.LOCAL_STORAGE, value(before), value(now), Names.PAUSED, Names.RECOVER));
    };
  }

  /** One mistake in one line, several in a list. */
  private static Refusal malformed(String set, List<Objection> objections) {
    String title = "the opt-in of StatefulSet " + set + " makes no sense: ";
    return new Refusal(
        "Failure",
        objections.size() == 1
            ? title + objections.getFirst()
            : objections.stream()
                .map(each -> "\n* " + each)
                .collect(Collectors.joining("", title, "")),
        FORBIDDEN,
        HttpURLConnection.HTTP_FORBIDDEN,
        new Details(
            set,
            "apps",
            "StatefulSet",
            objections.stream()
                .map(each -> new Cause(each.kind().reason(), each.body(), each.field()))
                .toList()));
  }

  private static Refusal forbidden(String message) {
    return new Refusal("Failure", message, FORBIDDEN, HttpURLConnection.HTTP_FORBIDDEN, null);
  }

  private static String value(Optional<String> label) {
    return label.map(value -> "\"" + value + "\"").orElse("absent");
  }
}
