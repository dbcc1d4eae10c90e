package dev.refloat.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListRequestTest {

  @Test
  void selectors_go_to_the_API_server_and_what_it_remembers_is_enough() {
    assertThat(
            ListRequest.pods(Optional.empty(), "a/b=true", "spec.nodeName=", Freshness.REMEMBERED)
                .page(""))
        .isEqualTo(
            "api/v1/pods?labelSelector=a%2Fb%3Dtrue&fieldSelector=spec.nodeName%3D&limit=500&resourceVersion=0");
  }

  @Test
  void a_further_page_names_no_version_because_its_token_does() {
    assertThat(
            ListRequest.pods(Optional.of("shop"), "", "", Freshness.REMEMBERED).page("next page"))
        .isEqualTo("api/v1/namespaces/shop/pods?limit=500&continue=next+page");
  }
}
