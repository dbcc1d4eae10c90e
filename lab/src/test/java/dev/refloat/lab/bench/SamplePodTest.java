package dev.refloat.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SamplePodTest {

  @Test
  void a_review_of_it_is_what_an_api_server_sends_and_has_6_kilobytes() throws IOException {
    byte[] review = SamplePod.review(SamplePod.in("shop"));

    assertThat(review.length).isBetween(6_000, 7_000);
    JsonNode request = new ObjectMapper().readTree(review).path("request");
    assertThat(request.path("resource").path("resource").asText()).isEqualTo("pods");
    assertThat(request.path("object").path("metadata").path("namespace").asText())
        .isEqualTo("shop");
    assertThat(request.path("object").path("spec").path("containers")).hasSize(2);
  }
}
