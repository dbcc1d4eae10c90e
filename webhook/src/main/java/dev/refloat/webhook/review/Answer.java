package dev.refloat.webhook.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.refloat.admission.Decision;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the AdmissionReview that answers a request. */
public final class Answer {

  /**
   * The API server cuts warnings at 256 characters where there are many, and shows none of those
   * that hold control characters.
   */
  private static final int LONGEST_WARNING = 250;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private static final JsonMapper MAPPER = new JsonMapper();

  private Answer() {}

  /** Admitted as it is, by nobody's decision. */
  public static byte[] admitted(String uid) {
    return write(new Response(uid, true, null, null, null));
  }

  /** Admitted, changed by what was decided. */
  public static byte[] of(String uid, Decision decision, boolean hasLabels) {
    LabelPatch patch = LabelPatch.of(decision, hasLabels);
    List<String> warnings = decision.warnings().stream().map(Answer::presentable).toList();
    // Patch and type must both be there or both not be there.
    boolean patched = !patch.operations().isEmpty();
    return write(
        new Response(
            uid,
            true,
            patched ? "JSONPatch" : null,
            patched ? json(patch.operations()) : null,
            warnings.isEmpty() ? null : warnings));
  }

  private static String presentable(String warning) {
    String clean = CONTROL.matcher(warning).replaceAll("?");
    return clean.length() > LONGEST_WARNING
        ? clean.substring(0, LONGEST_WARNING - 3) + "..."
        : clean;
  }

  private static byte[] write(Response response) {
    return json(new Review("admission.k8s.io/v1", "AdmissionReview", response));
  }

  private static byte[] json(Object value) {
    try {
      return MAPPER.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
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
      @Nullable String patchType,
      byte @Nullable [] patch,
      @Nullable List<String> warnings) {}
}
