package dev.refloat.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What is sent back.
 *
 * @param status of HTTP; whatever is decided about a pod is 200
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one request and is never compared.
record Reply(int status, String contentType, byte[] body) {

  static Reply review(byte[] body) {
    return new Reply(200, "application/json", body);
  }

  static Reply sentence(int status, String sentence) {
    return new Reply(status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(UTF_8));
  }
}
