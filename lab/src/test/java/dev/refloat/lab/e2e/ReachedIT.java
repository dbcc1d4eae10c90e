package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What of all that happens in a namespace reaches the webhook, by its own count. */
@ExtendWith(Lab.Shared.class)
class ReachedIT {

  @Test
  void only_what_speaks_of_Refloat_reaches_the_webhook(Lab lab) {
    try (Scene scene = Scene.in(lab, "reached");
        RefloatProcess webhook = lab.installation().unregisteredWebhook("reached", Map.of())) {
      String namespace = scene.world().namespace();
      Kubectl kubectl = Kubectl.in(lab.controlPlane(), namespace);
      lab.installation()
          .whileUnregistered(
              namespace,
              () -> {
                List<HasMetadata> registered =
                    lab.installation()
                        .registerFor(
                            namespace,
                            namespace,
                            webhook.admissionPort().orElseThrow(),
                            lab.installation().authority());
                try {
                  happens(scene, webhook, kubectl);
                } finally {
                  registered.forEach(each -> lab.client().resource(each).delete());
                }
              });
    }
  }

  private static void happens(Scene scene, RefloatProcess webhook, Kubectl kubectl) {
    // The API server asks this webhook; the shared one is left out.
    Await.seconds(30)
        .until(
            "a label on a bare pod to be refused",
            () ->
                !kubectl
                    .run(
                        "run",
                        "probe",
                        "--image=a",
                        "--labels=refloat.dev/local-storage=x",
                        "--dry-run=server")
                    .output()
                    .contains("created"));
    Map<String, Double> before = asked(webhook);

    // WHEN a set that does not speak of Refloat lives its life, beside a bare pod
    scene.running(Scene.plain("quiet").replicas(2));
    scene
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("bare")
                .withNamespace(scene.world().namespace())
                .addToAnnotations("refloat.dev/recover", "true")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("a")
                .withImage("a")
                .endContainer()
                .endSpec()
                .build())
        .create();
    assertThat(kubectl.run("scale", "statefulset", "quiet", "--replicas=1").exitCode()).isZero();
    assertThat(kubectl.run("label", "statefulset", "quiet", "tier=db").exitCode()).isZero();
    assertThat(kubectl.run("label", "pod", "quiet-0", "tier=db").exitCode()).isZero();
    assertThat(kubectl.run("delete", "pod", "quiet-0", "bare").exitCode()).isZero();
    scene.world().awaitReady("quiet-0");

    // THEN nothing of it has reached the webhook
    assertThat(asked(webhook)).isEqualTo(before);

    // AND of a set that does, its creation and that of each pod
    scene.running(Scene.optedIn("loud").replicas(2));
    assertThat(kubectl.run("label", "pod", "loud-0", "tier=db").exitCode()).isZero();
    assertThat(kubectl.run("scale", "statefulset", "loud", "--replicas=1").exitCode()).isZero();
    assertThat(kubectl.run("delete", "statefulset", "loud").exitCode()).isZero();
    assertThat(asked(webhook))
        .containsEntry("mutate", before.getOrDefault("mutate", 0.0) + 2)
        .containsEntry("validate", before.getOrDefault("validate", 0.0) + 1);
  }

  /** How many requests each path has had. */
  private static Map<String, Double> asked(RefloatProcess webhook) {
    return Pattern.compile("refloat_admission_requests_total\\{operation=\"(\\w+)\".*} (\\S+)")
        .matcher(webhook.get("/metrics"))
        .results()
        .collect(
            Collectors.groupingBy(
                found -> found.group(1),
                Collectors.summingDouble(found -> Double.parseDouble(found.group(2)))));
  }
}
