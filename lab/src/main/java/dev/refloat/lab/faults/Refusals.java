package dev.refloat.lab.faults;

import java.nio.charset.StandardCharsets;

/** Answers that the proxy makes up, in the API server's form. */
final class Refusals {

  private Refusals() {}

  static byte[] of(Fault.Refusal refusal) {
    int status = refusal.status();
    String body =
        """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
        "message":"refused by the lab's proxy","reason":"%s","code":%d}
        """
            .formatted(reason(status), status);
    String retryAfter =
        refusal.retryAfter().map(wait -> "Retry-After: " + wait.toSeconds() + "\r\n").orElse("");
    return """
    HTTP/1.1 %d Refused\r
    Content-Type: application/json\r
    %sContent-Length: %d\r
    \r
    %s"""
        .formatted(status, retryAfter, body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * As in <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go">types.go</a>.
   */
  private static String reason(int status) {
    return switch (status) {
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 409 -> "Conflict";
      case 429 -> "TooManyRequests";
      case 500 -> "InternalError";
      case 503 -> "ServiceUnavailable";
      case 504 -> "Timeout";
      default -> "";
    };
  }
}
