package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Lab.Shared.class)
class ProcessesIT {

  @Test
  void
      the_webhook_labels_opted_in_pods_on_local_storage_and_has_put_its_own_CA_into_the_registration(
          Lab lab) {
    try (Scene scene = Scene.in(lab, "labelled")) {
      scene.running(Scene.optedIn("db"));

      assertThat(scene.world().pod("db-0").orElseThrow().getMetadata().getLabels())
          .containsEntry("refloat.dev/local-storage", "true");
      String bundle =
          lab.client()
              .admissionRegistration()
              .v1()
              .mutatingWebhookConfigurations()
              .withName("refloat")
              .get()
              .getWebhooks()
              .getFirst()
              .getClientConfig()
              .getCaBundle();
      String authority =
          lab.client()
              .secrets()
              .inNamespace(Installation.NAMESPACE)
              .withName("refloat-ca")
              .get()
              .getData()
              .getOrDefault("ca.crt", "");
      assertThat(pem(authority)).startsWith("-----BEGIN CERTIFICATE-----");
      assertThat(pem(bundle)).contains(pem(authority).strip());
    }
  }

  @Test
  void
      a_controller_that_leads_ends_cleanly_on_SIGTERM_and_the_next_one_need_not_wait_for_its_Lease_to_expire(
          Lab lab) {
    try (Scene scene = Scene.in(lab, "sigterm")) {
      RefloatProcess first = scene.controller("REFLOAT_LEADER_ELECTION", "true");
      first.awaitLine("leads", Scene::leads, Duration.ofSeconds(30));

      assertThat(first.terminate()).isZero();

      // A Lease that is not given back holds the next one up for 15 s.
      RefloatProcess second = scene.controller("REFLOAT_LEADER_ELECTION", "true");
      second.awaitLine("leads", Scene::leads, Duration.ofSeconds(8));
      assertThat(Scene.messages(first))
          .containsSubsequence(
              "Starting",
              "Configuration",
              "Watching for Pending pods without a node",
              "Leading",
              "Stopping",
              "Stopped");
      assertThat(second.terminate()).isZero();
    }
  }

  @Test
  void a_webhook_ends_cleanly_on_SIGTERM(Lab lab) {
    // A second one, which shares the Secrets of the first; it is not registered.
    try (RefloatProcess second = lab.installation().unregisteredWebhook("webhook-2", Map.of())) {
      assertThat(second.terminate()).isZero();
      assertThat(List.copyOf(Scene.messages(second)))
          .containsSubsequence("Starting", "Configuration", "Stopping", "Stopped");
    }
  }

  @Test
  void metrics_tell_verdicts_and_recoveries(Lab lab) {
    try (Scene scene = Scene.in(lab, "metrics")) {
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller = scene.controller();
      String lost = scene.loseNodeOf("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");

      LogLine deleted = scene.awaitMessage(controller, "db-0", "Successfully deleted PVC");
      assertThat(deleted.get("by")).contains(Scene.instance(controller));
      assertThat(controller.get("/metrics"))
          .contains(
              "refloat_recoveries_total{outcome=\"Refloated\"} 1.0",
              "refloat_verdicts_total{reason=\"Recover\",verdict=\"recover\"} 1.0",
              "refloat_recovery_seconds_count 1",
              "refloat_recovery_phase_seconds_count{phase=\"seen\"} 1",
              "refloat_recovery_phase_seconds_count{phase=\"decided\"} 1",
              "refloat_recovery_phase_seconds_count{phase=\"claim_gone\"} 1",
              "refloat_recovery_phase_seconds_count{phase=\"bound\"} 1",
              "refloat_leader 1.0",
              "refloat_api_responses_total{code=\"200\",resource=\"pods\",verb=\"delete\"} 1.0");
      assertThat(controller.get("/livez")).startsWith("ok");
    }
  }

  private static String pem(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
