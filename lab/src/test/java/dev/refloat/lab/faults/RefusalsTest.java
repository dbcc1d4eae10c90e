package dev.refloat.lab.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalsTest {

  @Test
  void have_the_API_servers_form() {
    Fault.Refusal refusal = new Fault.Refusal(429, Optional.of(Duration.ofSeconds(7)));

    String answer = new String(Refusals.of(refusal), US_ASCII);

    int end = answer.indexOf("\r\n\r\n") + "\r\n\r\n".length();
    Head head = new Head(answer.substring(0, end));
    String body = answer.substring(end);
    assertThat(head.status()).isEqualTo(429);
    assertThat(head.header("retry-after")).contains("7");
    assertThat(head.contentLength()).contains((long) body.length());
    assertThat(body).contains("\"reason\":\"TooManyRequests\"", "\"code\":429");
  }

  @Test
  void say_when_to_come_again_only_where_that_was_said() {
    String answer = new String(Refusals.of(new Fault.Refusal(403, Optional.empty())), US_ASCII);

    assertThat(answer).startsWith("HTTP/1.1 403 ").doesNotContain("Retry-After");
  }
}
