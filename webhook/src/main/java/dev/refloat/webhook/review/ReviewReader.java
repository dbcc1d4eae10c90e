package dev.refloat.webhook.review;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.refloat.admission.PodFacts;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads AdmissionReviews from a stream. */
public final class ReviewReader {

  private static final String VERSION = "admission.k8s.io/v1";

  /**
   * The API server takes requests of 3 MiB, and a review holds the object and the old one in JSON,
   * which escapes some characters; a bit for the rest of the review.
   */
  private static final long LARGEST = 7 * 1024 * 1024 + 64 * 1024;

  /**
   * The API server waits for 2 s, so nobody reads the answer to a body that takes longer to come.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * What we keep are names, and values of our own annotations. Strings that are skipped may be
   * longer.
   */
  private static final int LONGEST_STRING = 8 * 1024;

  /** Far deeper than any pod. */
  private static final int DEEPEST = 200;

  private final ObjectReader reader =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Names are whatever the sender likes, and interned ones would stay for ever.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(LONGEST_STRING)
                          .maxNestingDepth(DEEPEST)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Review.class);

  /** Reads until the end of the stream, or until it is known that it is of no use. */
  public Reading read(InputStream body) {
    try {
      @Nullable Review review = reader.readValue(new LimitedStream(body, LARGEST, PATIENCE));
      return review == null ? new Reading.Unreadable("the body is empty") : understand(review);
    } catch (JsonProcessingException e) {
      return switch (e.getCause()) {
        case LimitedStream.TooLargeException _ -> new Reading.TooLarge(LARGEST);
        case null, default -> new Reading.Unreadable("the body is no AdmissionReview: " + words(e));
      };
    } catch (LimitedStream.TooLargeException e) {
      return new Reading.TooLarge(LARGEST);
    } catch (IOException e) {
      return new Reading.Interrupted(String.valueOf(e.getMessage()));
    }
  }

  private static Reading understand(Review review) {
    if (!"AdmissionReview".equals(review.kind()) || !VERSION.equals(review.apiVersion())) {
      return new Reading.Unreadable(
          "expected an AdmissionReview of %s, got %s of %s"
              .formatted(VERSION, brief(review.kind()), brief(review.apiVersion())));
    }
    Review.@Nullable Request request = review.request();
    if (request == null) {
      return new Reading.Unreadable("the AdmissionReview has no request");
    }
    String uid = text(request.uid());
    if (uid.isEmpty()) {
      return new Reading.Unreadable("the request has no uid");
    }
    if (!isPodCreation(request)) {
      return new Reading.SomethingElse(
          uid,
          text(request.operation()),
          Optional.ofNullable(request.resource()).map(each -> text(each.resource())).orElse(""));
    }
    Review.@Nullable Pod pod = request.object();
    Review.@Nullable Metadata metadata = pod == null ? null : pod.metadata();
    if (pod == null || metadata == null) {
      return new Reading.Unreadable("the request creates a pod and has no object with metadata");
    }
    return new Reading.PodCreated(
        uid, facts(request, metadata, pod.spec()), metadata.labels() != null, request.dryRun());
  }

  private static boolean isPodCreation(Review.Request request) {
    Review.@Nullable Resource resource = request.resource();
    return "CREATE".equals(request.operation())
        && resource != null
        && text(resource.group()).isEmpty()
        && "pods".equals(resource.resource())
        && text(request.subResource()).isEmpty();
  }

  private static PodFacts facts(
      Review.Request request, Review.Metadata metadata, Review.@Nullable Spec spec) {
    return new PodFacts(
        text(request.namespace()),
        Optional.ofNullable(metadata.name())
            .or(() -> Optional.ofNullable(metadata.generateName()))
            .orElse(text(request.name())),
        metadata.labels() == null ? Map.of() : metadata.labels(),
        metadata.annotations() == null ? Map.of() : metadata.annotations(),
        Optional.ofNullable(metadata.ownerReferences()),
        spec == null || spec.volumes() == null ? List.of() : spec.volumes());
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** What was sent, but not so much of it that it could fill a log. */
  private static String brief(@Nullable String text) {
    if (text == null) {
      return "none";
    }
    return "\"" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "\"";
  }

  /** Where and what, without the excerpt that Jackson likes to add. */
  private static String words(JsonProcessingException e) {
    var where = e.getLocation();
    String what = e.getOriginalMessage().lines().findFirst().orElse("");
    return what + (where == null ? "" : " (at byte " + where.getByteOffset() + ")");
  }
}
