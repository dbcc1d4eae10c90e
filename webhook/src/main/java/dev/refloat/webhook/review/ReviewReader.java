package dev.refloat.webhook.review;

import static dev.refloat.webhook.review.Questions.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
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
   * What we keep are names, and values of our own annotations, of which the API server takes 256
   * KiB together. Strings that are skipped may be longer.
   *
   * @see <a
   *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go">TotalAnnotationSizeLimitB</a>
   */
  private static final int LONGEST_STRING = 256 * 1024;

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
    return switch (Questions.of(request)) {
      case Questions.Understood(Question question) ->
          new Reading.Asked(uid, user(request), request.dryRun(), question);
      case Questions.NotOurs() ->
          new Reading.SomethingElse(uid, text(request.operation()), resource(request));
      case Questions.Incomplete(String why) -> new Reading.Unreadable(why);
    };
  }

  private static String user(Review.Request request) {
    Review.@Nullable UserInfo user = request.userInfo();
    return user == null ? "" : text(user.username());
  }

  private static String resource(Review.Request request) {
    Review.@Nullable Resource resource = request.resource();
    return resource == null ? "" : text(resource.resource());
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
