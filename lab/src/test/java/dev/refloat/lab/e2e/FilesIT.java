package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else, such as cert-manager, keeps the certificate, and Refloat serves what it finds. */
@InTheBackground
@ExtendWith(Lab.Shared.class)
class FilesIT {

  private static final Duration PERIOD = Duration.ofMillis(200);

  /** A look at the files is taken every five seconds. */
  private static final Duration SECONDS = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void no_request_fails_while_mounted_certificates_are_swapped(Lab lab) throws Exception {
    ForeignAuthority first = new ForeignAuthority("first");
    ForeignAuthority second = new ForeignAuthority("second");
    MountedSecret secret = MountedSecret.at(folder, first.issue());
    try (OwnRegistration own = OwnRegistration.in(lab, "files");
        KubernetesClient client = Clients.sendingOnce(lab.controlPlane().adminKubeconfig())) {
      // GIVEN a webhook that is asked for each pod, or it is refused; whoever issues also injects
      RefloatProcess webhook = own.webhook("REFLOAT_CERTIFICATES", "files:" + folder);
      own.register();
      String both = first.bundle() + second.bundle();
      own.trust(both);
      Await.within(SECONDS)
          .until("the API server to trust it", () -> SteadyLoad.isAdmitted(client, own.name()));

      // WHEN pods are made all the time
      try (SteadyLoad load = SteadyLoad.on(client, own.name(), PERIOD)) {

        // THEN a renewed certificate is served, one of another authority as well,
        Map<String, String> renewed = first.issue();
        secret.change(renewed);
        awaitLoaded(webhook, load, 2);
        assertThat(presented(webhook, first)).isEqualTo(renewed.get("tls.crt"));
        Map<String, String> byAnother = second.issue();
        secret.change(byAnother);
        awaitLoaded(webhook, load, 3);
        assertThat(presented(webhook, second)).isEqualTo(byAnother.get("tls.crt"));

        // one that is of no use is told and counted, while the last one is served on,
        Map<String, String> spoilt = new HashMap<>(second.issue());
        spoilt.putAll(Map.of("tls.key", first.issue().getOrDefault("tls.key", "")));
        secret.change(spoilt);
        var _ =
            webhook.awaitLine(
                "says that it serves on",
                line ->
                    line.message().startsWith("Serving on with the last certificate")
                        && line.text().contains("does not belong"),
                SECONDS);
        assertThat(webhook.metric("refloat_certificate_load_failures_total")).isPositive();
        assertThat(presented(webhook, second)).isEqualTo(byAnother.get("tls.crt"));
        webhook.awaitReady();
        secret.change(second.issue());
        awaitLoaded(webhook, load, 4);

        // no pod was refused for any of it, and Refloat has neither issued nor injected anything.
        assertThat(load.finish()).isEmpty();
        assertThat(load.sent()).isGreaterThan(100);
        assertThat(Scene.messages(webhook)).doesNotContain("Certificates are not ready");
        assertThat(Set.copyOf(own.bundles())).containsExactly(both);
        assertThat(lab.client().secrets().inNamespace(own.name()).list().getItems()).isEmpty();
      }
    }
  }

  /** Returns the certificate that a new connection gets, as PEM; it is by that authority. */
  private static String presented(RefloatProcess webhook, ForeignAuthority authority)
      throws Exception {
    try (Socket socket =
        Installation.trusting(authority.bundle())
            .getSocketFactory()
            .createSocket(
                InetAddress.getLoopbackAddress(), webhook.admissionPort().orElseThrow())) {
      SSLSession session = ((SSLSocket) socket).getSession();
      assertThat(session.isValid()).isTrue();
      return ForeignAuthority.pem(session.getPeerCertificates()[0]);
    }
  }

  private static void awaitLoaded(RefloatProcess webhook, SteadyLoad load, int times) {
    Await.within(SECONDS)
        .unless(load::failure)
        .until(
            "%d certificates have been loaded".formatted(times),
            () ->
                webhook.metric(
                    "refloat_certificate_rotations_total{certificate=\"serving\",step=\"loaded\"}"),
            loaded -> loaded >= times);
  }
}
