package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.world.LabStatefulSet;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real API server makes of the webhook's refusals, and of what it must not refuse. */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidationIT {

  private static final String LABEL = "refloat.dev/local-storage";

  private final Lab lab;
  private final Scene scene;
  private final Kubectl kubectl;

  ValidationIT(Lab lab) {
    this.lab = lab;
    scene = Scene.in(lab, "validation");
    kubectl = Kubectl.in(lab.controlPlane(), scene.world().namespace());
  }

  @AfterAll
  void close() {
    scene.close();
  }

  // StatefulSets

  @Test
  @SideBySide
  void an_opt_in_that_makes_no_sense_is_refused_with_all_its_mistakes_and_their_fields() {
    LabStatefulSet set =
        LabStatefulSet.named("wrong")
            .claim("data", "fast")
            .annotation("refloat.dev/recover", "node-dead")
            .annotation("refloat.dev/afer", "10m")
            .annotation("refloat.dev/min-ready", "-1");

    assertThatThrownBy(() -> scene.world().add(set))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> {
              assertThat(refused.getCode()).isEqualTo(403);
              assertThat(refused.getStatus().getReason()).isEqualTo("Forbidden");
              assertThat(refused.getStatus().getMessage())
                  .startsWith(
                      "admission webhook \"statefulsets.refloat.dev\" denied the request: the opt-in of StatefulSet wrong makes no sense: ");
              assertThat(refused.getStatus().getDetails().getCauses())
                  .extracting(StatusCause::getField)
                  .containsExactly(
                      "spec.template.metadata.annotations[refloat.dev/afer]",
                      "spec.template.metadata.annotations[refloat.dev/min-ready]",
                      "spec.template.metadata.annotations[refloat.dev/recover]");
            });
    assertThat(set("wrong")).isEmpty();
  }

  @Test
  @SideBySide
  void an_opt_in_on_the_set_itself_is_refused_and_a_pause_there_is_not() {
    scene.running(Scene.optedIn("own"));

    assertThat(kubectl.run("annotate", "statefulset", "own", "refloat.dev/recover=false").output())
        .contains(
            "metadata.annotations[refloat.dev/recover]: Forbidden: it belongs in"
                + " spec.template.metadata.annotations[refloat.dev/recover]; move it there");
    Terminal.Outcome paused =
        kubectl.run("annotate", "statefulset", "own", "refloat.dev/paused=true");
    assertThat(paused.exitCode()).isZero();
    assertThat(paused.output())
        .contains("Warning: refloat.dev/paused is on this StatefulSet", "annotated");
  }

  @Test
  @SideBySide
  void a_broken_opt_in_from_before_the_webhook_stops_nobody_and_its_pods_come_back_unlabelled() {
    try (Scene own = Scene.in(lab, "broken")) {
      Kubectl shell = Kubectl.in(lab.controlPlane(), own.world().namespace());
      // GIVEN a set that was made while nobody checked
      lab.installation()
          .whileUnregistered(
              own.world().namespace(),
              () ->
                  own.running(
                      Scene.plain("broken")
                          .replicas(2)
                          .annotation("refloat.dev/recover", "true")
                          .annotation("refloat.dev/after", "soon")));
      String uid = own.world().pod("broken-0").orElseThrow().getMetadata().getUid();

      // WHEN its pod is deleted
      own.world().deletePod("broken-0");

      // THEN it comes back, without the label, and the webhook has said why
      Pod again =
          own.world()
              .awaitPod(
                  "broken-0",
                  "is another one and Ready",
                  pod -> !pod.getMetadata().getUid().equals(uid) && Scene.isReady(pod));
      assertThat(again.getMetadata().getLabels()).doesNotContainKey(LABEL);
      assertThat(lab.webhook().log())
          .anySatisfy(
              line -> {
                assertThat(line.message())
                    .isEqualTo("Left a pod unlabelled whose opt-in makes no sense");
                assertThat(line.get("pod")).contains("broken-0");
                assertThat(line.toString())
                    .contains("\"mistakes\":[\"refloat.dev/after is \\\"soon\\\";");
              });
      assertThat(dryRun(shell, again).output())
          .contains("Warning: refloat.dev/after is \"soon\"; expected a duration", "created");

      // AND neither a change of something else, nor scale, status, or opting out is refused
      assertThat(patch(shell, "{\"metadata\":{\"labels\":{\"tier\":\"db\"}}}").exitCode()).isZero();
      assertThat(patch(shell, "{\"spec\":{\"replicas\":1}}").exitCode()).isZero();
      assertThat(shell.run("scale", "statefulset", "broken", "--replicas=2").exitCode()).isZero();
      assertThat(
              patch(shell, "{\"status\":{\"conditions\":[]}}", "--subresource=status").exitCode())
          .isZero();
      Terminal.Outcome out = patch(shell, template("\"refloat.dev/recover\":\"false\""));
      assertThat(out.exitCode()).isZero();
      assertThat(out.output()).contains("Warning: ", "it was there before");

      // BUT one more mistake is
      assertThat(patch(shell, template("\"refloat.dev/data\":\"wipe\"")).output())
          .contains("the opt-in of StatefulSet broken makes no sense:")
          .contains(
              "refloat.dev/data]: Invalid value: \"wipe\"",
              "refloat.dev/after]: Invalid value: \"soon\"");

      // AND it can be deleted
      assertThat(shell.run("delete", "statefulset", "broken").exitCode()).isZero();
    }
  }

  // The label

  @Test
  @SideBySide
  void the_label_on_a_pod_that_is_no_StatefulSet_s_is_refused_to_everybody() {
    assertThat(
            kubectl
                .run("run", "bare", "--image=lab.invalid/app", "--labels=" + LABEL + "=true")
                .output())
        .isEqualTo(
            "Error from server (Forbidden): admission webhook \"foreign-labels.refloat.dev\" denied the request: label refloat.dev/local-storage is for pods of StatefulSets only, and Refloat sets it itself (this pod's controller: none); remove it from the pod or from the template that it is made from");

    deployment("deployed");
    String told =
        Await.seconds(20)
            .until(
                "an Event that the Deployment's pod is refused",
                () -> eventOf("FailedCreate", "deployed-"),
                Optional::isPresent)
            .orElseThrow();
    assertThat(told).contains("this pod's controller: apps/v1 ReplicaSet deployed-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "status"})
  void the_label_is_not_set_changed_or_removed_by_hand(String subresource) {
    String set = "hand" + subresource;
    scene.running(Scene.optedIn(set));
    scene.running(Scene.plain(set + "plain"));
    String pod = set + "-0";

    assertThat(label(pod, subresource, "\"no\"")).contains(refused("\"true\"", "\"no\""));
    assertThat(label(pod, subresource, "null")).contains(refused("\"true\"", "absent"));
    assertThat(label(set + "plain-0", subresource, "\"true\""))
        .contains(refused("absent", "\"true\""));
    assertThat(label(pod, subresource, "\"true\"")).contains("patched (no change)");
    assertThat(scene.world().pod(pod).orElseThrow().getMetadata().getLabels())
        .containsEntry(LABEL, "true");
  }

  @Test
  @SideBySide
  void a_change_of_another_label_is_none_of_our_business_and_our_own_account_may_do_it_all() {
    scene.running(Scene.optedIn("other"));

    assertThat(kubectl.run("label", "pod", "other-0", "mine=yes").exitCode()).isZero();
    try (KubernetesClient ours = lab.installation().inTheNameOf("refloat-webhook")) {
      for (String value : List.of("null", "\"true\"")) {
        assertThatCode(
                () ->
                    ours.pods()
                        .inNamespace(scene.world().namespace())
                        .withName("other-0")
                        .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"labels\":{\"%s\":%s}}}".formatted(LABEL, value)))
            .doesNotThrowAnyException();
      }
    }
  }

  private static String refused(String before, String now) {
    return "denied the request: label refloat.dev/local-storage is kept by Refloat alone: it is "
        + before
        + " and may not become "
        + now;
  }

  private String label(String pod, String subresource, String value) {
    String patch = "{\"metadata\":{\"labels\":{\"" + LABEL + "\":" + value + "}}}";
    return (subresource.isEmpty()
            ? kubectl.run("patch", "pod", pod, "--type=merge", "-p", patch)
            : kubectl.run(
                "patch", "pod", pod, "--type=merge", "-p", patch, "--subresource=" + subresource))
        .output();
  }

  private void deployment(String name) {
    scene
        .client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(scene.world().namespace())
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("app", name, LABEL, "true"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("lab.invalid/app")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  private Optional<String> eventOf(String reason, String about) {
    return scene
        .client()
        .v1()
        .events()
        .inNamespace(scene.world().namespace())
        .list()
        .getItems()
        .stream()
        .filter(
            event ->
                reason.equals(event.getReason())
                    && event.getInvolvedObject().getName().startsWith(about))
        .map(Event::getMessage)
        .findFirst();
  }

  private static Terminal.Outcome patch(Kubectl shell, String change, String... more) {
    return shell.run(
        Stream.concat(
                Stream.of("patch", "statefulset", "broken", "--type=merge", "-p", change),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static String template(String annotations) {
    return "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{" + annotations + "}}}}}";
  }

  /** The same pod once more, which is not really made. */
  private Terminal.Outcome dryRun(Kubectl shell, Pod pod) {
    Pod twin =
        new PodBuilder()
            .withApiVersion("v1")
            .withKind("Pod")
            .withNewMetadata()
            .withName("twin")
            .withLabels(pod.getMetadata().getLabels())
            .withAnnotations(pod.getMetadata().getAnnotations())
            .withOwnerReferences(pod.getMetadata().getOwnerReferences())
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("app")
            .withImage("lab.invalid/app")
            .endContainer()
            .endSpec()
            .build();
    return shell.apply(json(twin), "create", "--dry-run=server", "-f", "-");
  }

  private String json(HasMetadata object) {
    return scene.client().getKubernetesSerialization().asJson(object);
  }

  private Optional<StatefulSet> set(String name) {
    return Optional.ofNullable(
        scene
            .client()
            .apps()
            .statefulSets()
            .inNamespace(scene.world().namespace())
            .withName(name)
            .get());
  }
}
