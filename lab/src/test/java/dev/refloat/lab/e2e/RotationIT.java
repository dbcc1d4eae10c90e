package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Certificates come and go, and nobody who makes a pod notices. */
@InTheBackground
@ExtendWith(Lab.Shared.class)
class RotationIT {

  private static final int ROTATIONS = 10;

  /** Often, but other tests run at the same time. */
  private static final Duration PERIOD = Duration.ofMillis(500);

  /**
   * A sixth of it is left for a new certificate before the old one ends, and a twentieth between
   * two looks at the bundles: a process that waits for a busy machine must not fail by that.
   */
  private static final Duration LIFE_OF_CA = Duration.ofSeconds(60);

  /** A pass is made every five seconds, and the API server has to hear of it. */
  private static final Duration SECONDS = Duration.ofSeconds(15);

  /** An authority is replaced after two thirds of its life; as much again for a busy machine. */
  private static final Duration PATIENCE = LIFE_OF_CA.multipliedBy(ROTATIONS * 4 / 3);

  @Test
  void no_request_fails_while_two_processes_change_CA_and_certificate_ten_times(Lab lab)
      throws InterruptedException {
    try (OwnRegistration own = OwnRegistration.in(lab, "rotation");
        KubernetesClient client = Clients.sendingOnce(lab.controlPlane().adminKubeconfig())) {
      // GIVEN two webhooks that are both asked for each pod, or it is refused
      RefloatProcess first = start(own);
      RefloatProcess second = start(own);
      own.register();
      awaitBundles(own);
      Await.within(SECONDS)
          .until("the API server to trust both", () -> SteadyLoad.isAdmitted(client, own.name()));

      // WHEN pods are made all the time
      try (SteadyLoad load = SteadyLoad.on(client, own.name(), PERIOD)) {
        Set<String> authorities = new LinkedHashSet<>();
        Set<String> bundles = new LinkedHashSet<>();
        var _ =
            Await.within(PATIENCE)
                .unless(load::failure)
                .until(
                    ROTATIONS + " authorities have followed the first one",
                    () -> {
                      authorities.add(own.authorities().getOrDefault("ca.crt", ""));
                      bundles.addAll(own.bundles());
                      return authorities.size();
                    },
                    seen -> seen > ROTATIONS);
        // THEN all of them were admitted
        assertThat(load.finish()).isEmpty();
        assertThat(load.sent()).isGreaterThan(1_000);
        // Each one alone, and with the next one; three would be one that was never retired.
        assertThat(bundles).hasSizeGreaterThan(authorities.size());
        assertThat(bundles).allSatisfy(each -> assertThat(certificates(each)).isBetween(1, 2));
        assertThat(
                rotations(first, "authority", "promoted")
                    + rotations(second, "authority", "promoted"))
            .isGreaterThanOrEqualTo(ROTATIONS);
        for (RefloatProcess webhook : List.of(first, second)) {
          assertThat(rotations(webhook, "serving", "loaded")).isGreaterThanOrEqualTo(ROTATIONS);
          assertThat(webhook.get("/metrics"))
              .contains(
                  "refloat_certificate_load_failures_total 0.0",
                  "refloat_api_responses_total{code=\"200\",resource=\"secrets\",verb=\"get\"}",
                  "refloat_certificate_not_after_seconds{certificate=\"authority\"}");
          assertThat(Scene.messages(webhook)).containsOnlyOnce("Starting");
          assertThat(webhook.isAlive()).isTrue();
        }
        System.out.printf(
            "%d pods by %d clients, asked for twice each by %d webhooks; %d authorities, %d bundles;"
                + " certificates loaded: %d and %d%n",
            load.sent(),
            SteadyLoad.CLIENTS,
            2,
            authorities.size(),
            bundles.size(),
            rotations(first, "serving", "loaded"),
            rotations(second, "serving", "loaded"));
      }
    }
  }

  @Test
  void a_configuration_that_is_installed_later_gets_its_bundle(Lab lab) {
    try (OwnRegistration own = OwnRegistration.in(lab, "later")) {
      RefloatProcess webhook = own.webhook();
      assertThat(Scene.messages(webhook))
          .contains("No webhook configuration yet, so no pod is labelled; looking again");

      own.register();

      awaitBundles(own);
      Await.within(SECONDS)
          .until(
              "the API server to trust it", () -> SteadyLoad.isAdmitted(lab.client(), own.name()));
    }
  }

  @Test
  void a_bundle_that_somebody_overwrites_is_put_back_within_seconds(Lab lab) {
    try (OwnRegistration own = OwnRegistration.in(lab, "overwritten")) {
      own.webhook();
      own.webhook();
      own.register();
      awaitBundles(own);
      List<String> before = own.bundles();

      own.overwriteBundles("garbage");

      assertThat(own.bundles()).isNotEqualTo(before);
      Await.within(SECONDS).until("the bundles are as before", () -> own.bundles().equals(before));
    }
  }

  private static RefloatProcess start(OwnRegistration own) {
    return own.webhook(
        "REFLOAT_CA_LIFETIME",
        LIFE_OF_CA.toSeconds() + "s",
        "REFLOAT_CERTIFICATE_LIFETIME",
        LIFE_OF_CA.toSeconds() / 2 + "s");
  }

  /** Returns when each entry has the bundle of the authority. */
  private static void awaitBundles(OwnRegistration own) {
    Await.within(SECONDS)
        .until(
            "each entry has the bundle",
            () -> {
              String authority = own.authorities().getOrDefault("ca.crt", "none");
              return own.bundles().stream().allMatch(bundle -> bundle.contains(authority));
            });
  }

  private static int certificates(String bundle) {
    return bundle.split("BEGIN CERTIFICATE", -1).length - 1;
  }

  private static int rotations(RefloatProcess webhook, String certificate, String step) {
    return (int)
        webhook.metric(
            "refloat_certificate_rotations_total{certificate=\"%s\",step=\"%s\"}"
                .formatted(certificate, step));
  }
}
