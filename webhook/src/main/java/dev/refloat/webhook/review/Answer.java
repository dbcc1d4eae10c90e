package dev.refloat.webhook.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.refloat.admission.Decision;
import dev.refloat.admission.Ruling;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the AdmissionReview that answers a request. */
public final class Answer {

  /**
   * The API server hands on 4,096 characters of warnings. Where there are more it cuts each at 256,
   * in the middle of a word. Those that hold control characters it does not show at all.
   *
   * @see <a
   *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/endpoints/filters/warning.go">warning.go</a>
   */
  private static final int ALL_WARNINGS = 4_000;

  private static final int LONGEST_WARNING = 250;

  private static final int MOST_WARNINGS = 16;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  private static final JsonMapper MAPPER = new JsonMapper();

  private Answer() {}

  /** Admitted as it is, by nobody's decision. */
  public static byte[] admitted(String uid) {
    return write(new Response(uid, true, null, null, null, null));
  }

  /** Admitted as it is, or refused. */
  public static byte[] of(String uid, Ruling ruling) {
    return write(
        switch (ruling) {
          case Ruling.Admit(_, List<String> warnings) ->
              new Response(uid, true, null, null, null, presentable(warnings));
          case Ruling.Refuse(Ruling.Wrong why) ->
              new Response(uid, false, Refusal.of(why), null, null, null);
        });
  }

  /** Admitted, changed by what was decided about a pod's label. */
  public static byte[] of(String uid, Decision decision, boolean hasLabels) {
    LabelPatch patch = LabelPatch.of(decision, hasLabels);
    // Patch and type must both be there or both not be there.
    boolean patched = !patch.operations().isEmpty();
    return write(
        new Response(
            uid,
            true,
            null,
            patched ? "JSONPatch" : null,
            patched ? json(patch.operations()) : null,
            presentable(decision.warnings())));
  }

  private static @Nullable List<String> presentable(List<String> warnings) {
    if (warnings.isEmpty()) {
      return null;
    }
    boolean fit = warnings.stream().mapToInt(String::length).sum() <= ALL_WARNINGS;
    return warnings.stream()
        .limit(MOST_WARNINGS)
        .map(warning -> CONTROL.matcher(warning).replaceAll("?"))
        .map(warning -> fit ? warning : cut(warning))
        .toList();
  }

  private static String cut(String warning) {
    return warning.length() > LONGEST_WARNING
        ? warning.substring(0, LONGEST_WARNING - 3) + "..."
        : warning;
  }

  private static byte[] write(Response response) {
    return json(new Review("admission.k8s.io/v1", "AdmissionReview", response));
  }

  private static byte[] json(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private record Review(String apiVersion, String kind, Response response) {}

  /**
   * @param patch written as Base64, as Jackson and Go do with bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Written once and never compared.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Response(
      String uid,
      boolean allowed,
      @Nullable Refusal status,
      @Nullable String patchType,
      byte @Nullable [] patch,
      @Nullable List<String> warnings) {}
}
