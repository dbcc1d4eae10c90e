package dev.refloat.process;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** What the API server, or the way to it, says when something fails: one line, for a person. */
public final class Failures {

  /** Causes can be a ring. */
  private static final int DEEPEST = 20;

  private Failures() {}

  /** The server's own sentence with its code, or that it does not answer and why. */
  public static String words(KubernetesClientException failure) {
    if (failure.getCode() <= 0) {
      return "the API server does not answer: " + reason(failure);
    }
    String hint = failure.getCode() == 403 ? " (grant it, see each rbac.yaml in manifests)" : "";
    return failure.getCode() + " " + oneLine(said(failure)) + hint;
  }

  /** The same for whatever went wrong on the way to it. */
  public static String words(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; depth < DEEPEST && cause != null; depth++) {
      if (cause instanceof KubernetesClientException known) {
        return words(known);
      }
      if (cause instanceof IOException) {
        return "the API server does not answer: " + reason(cause);
      }
      cause = cause.getCause();
    }
    return reason(failure);
  }

  /** What really went wrong; the exceptions around it only say that something did. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; depth < DEEPEST; depth++) {
      // Below these is only how the JDK found out.
      if (cause instanceof ConnectException
          || cause instanceof HttpTimeoutException
          || cause.getCause() == null) {
        break;
      }
      cause = cause.getCause();
    }
    String message = oneLine(cause.getMessage());
    if (message.isEmpty()) {
      return cause instanceof ConnectException
          ? "connection refused"
          : cause.getClass().getSimpleName();
    }
    return message;
  }

  private static @Nullable String said(KubernetesClientException failure) {
    return failure.getStatus() == null || failure.getStatus().getMessage() == null
        ? failure.getMessage()
        : failure.getStatus().getMessage();
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "" : text.replaceAll("\\s+", " ").strip();
  }
}
