package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.settings.ControllerSettings;
import dev.refloat.settings.Parsed;
import dev.refloat.settings.Settings;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControllerTest {

  @Test
  void it_can_be_put_together_and_taken_apart_while_the_API_server_does_not_answer()
      throws Exception {
    Parsed<ControllerSettings> parsed =
        Settings.controller(
            Map.of("REFLOAT_HTTP_ADDRESS", "127.0.0.1:0", "REFLOAT_LEADER_ELECTION", "false"));
    ControllerSettings settings = ((Parsed.Good<ControllerSettings>) parsed).value();
    KubernetesClient nobody =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withAutoConfigure(false)
                    .withMasterUrl("http://127.0.0.1:1")
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    PrometheusRegistry registry = new PrometheusRegistry();

    try (Controller controller =
        Controller.wire(
            settings,
            nobody,
            registry,
            new RetryAfter(InstantSource.system()),
            InstantSource.system(),
            "a-test",
            _ -> {})) {
      assertThat(controller).isNotNull();
      assertThat(registry.scrape().stream().map(each -> each.getMetadata().getName()))
          .contains(
              "refloat_stranded_pods",
              "refloat_claims_doomed",
              "refloat_claims_found_doomed",
              "refloat_recovered_but_not_bound");
    }
  }
}
