package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.LabStatefulSet;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The wrong object. S38 is in {@link LeaveAloneIT}. */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongObjectIT {

  private static final Map<String, String> OPT_IN =
      Map.of("refloat.dev/recover", "true", "refloat.dev/after", "0s");

  private final Lab lab;
  private final Harbour harbour;

  WrongObjectIT(Lab lab) {
    this.lab = lab;
    harbour = Harbour.open(lab, "wrong");
  }

  @AfterAll
  void close() {
    harbour.close();
  }

  @Test
  @SideBySide
  void S30_pods_that_no_StatefulSet_would_make_again_are_never_touched() {
    // GIVEN a bare pod, a Deployment's pod and an ordinary set on one node
    Berth berth = harbour.berth("s30").addHome();
    berth.world().addClaim("s30-bare", "fast");
    berth.world().addClaim("s30-deployed", "fast");
    bare(berth, "s30-bare", "s30-bare");
    deployment(berth, "s30-deployed");
    berth.world().awaitBound("s30-bare");
    berth.world().awaitBound("s30-deployed");
    lab.forgeLabel(berth.world().namespace(), "s30-bare");
    lab.forgeLabel(berth.world().namespace(), deployed(berth, WrongObjectIT::isOnANode));
    harbour.scene().running(berth.set());
    berth.addRefuge();

    // WHEN the node is lost, and the bare pod made again by hand
    berth.loseHome();
    bare(berth, "s30-bare", "s30-bare");
    lab.forgeLabel(berth.world().namespace(), "s30-bare");
    lab.forgeLabel(berth.world().namespace(), deployed(berth, pod -> !isOnANode(pod)));
    berth.isRefloated();

    // THEN only the set's claim was given up
    berth.world().awaitUnschedulable("s30-bare");
    harbour.leavesAlone("s30-bare");
    harbour.leavesAlone("s30-deployed");
    assertThat(berth.messages("s30-bare")).isEmpty();
  }

  @Test
  @SideBySide
  void S30_S37_a_pod_whose_set_was_deleted_as_an_orphan_is_never_touched() {
    Berth berth = harbour.berth("s37o");
    berth.running(berth.set().annotation("refloat.dev/after", "5s"));
    berth.loseHome();
    berth.awaitReason("GracePeriod");

    berth
        .client()
        .apps()
        .statefulSets()
        .inNamespace(berth.world().namespace())
        .withName("s37o")
        .withPropagationPolicy(DeletionPropagation.ORPHAN)
        .delete();

    Pod orphan =
        berth
            .world()
            .awaitPod(
                berth.pod(),
                "has no owner",
                pod -> pod.getMetadata().getOwnerReferences().isEmpty());
    berth.leavesAlone();
    assertThat(berth.world().pod(berth.pod()).orElseThrow().getMetadata().getUid())
        .isEqualTo(orphan.getMetadata().getUid());
  }

  @Test
  @SideBySide
  void S31_a_claim_that_no_template_makes_is_never_given_up() {
    Berth berth = harbour.berth("s31");
    berth.world().addClaim("s31-shared", "fast");
    berth.running(
        berth
            .set()
            .podSpec(
                spec ->
                    spec.addNewVolume()
                        .withName("shared")
                        .withNewPersistentVolumeClaim("s31-shared", false)
                        .endVolume()));

    berth.loseHome();

    assertThat(Berth.why(berth.awaitReason("ClaimNotFromTemplate"))).contains("s31-shared");
    berth.leavesAlone();
    harbour.leavesAlone("s31-shared");
  }

  @Test
  @SideBySide
  void S32_an_ephemeral_volume_belongs_to_its_pod_and_the_pod_goes_on_without_us() {
    Berth berth = harbour.berth("s32");
    berth.running(
        berth.here(
            LabStatefulSet.named("s32")
                .annotation("refloat.dev/recover", "true")
                .annotation("refloat.dev/after", "0s")
                .podSpec(spec -> withScratch(spec, berth))));

    berth.loseHome();

    // Kubernetes makes the claim anew with the pod.
    assertThat(berth.world().awaitReady(berth.pod()).getSpec().getNodeName())
        .isEqualTo(berth.inCluster(berth.refuge()));
    assertThat(berth.messages(berth.pod())).doesNotContain("Successfully deleted PVC");
  }

  @Test
  @SideBySide
  void S32_an_ephemeral_volume_beside_the_lost_one_is_not_ours_to_delete() {
    Berth berth = harbour.berth("s32b");
    berth.running(berth.set().podSpec(spec -> withScratch(spec, berth)));

    berth.loseHome();

    berth.isRefloated();
    assertThat(harbour.controller().log())
        .noneMatch(line -> line.get("pvc").filter("s32b-0-scratch"::equals).isPresent());
  }

  @Test
  @SideBySide
  void S33_a_backup_pod_that_uses_the_claim_is_named_and_waited_for() {
    Berth berth = harbour.berth("s33");
    berth.running(berth.set());
    berth
        .client()
        .resource(
            pod(berth, "s33-backup", berth.claim(), Map.of())
                .editSpec()
                .addToNodeSelector("not", "there")
                .endSpec()
                .build())
        .create();

    berth.loseHome();

    assertThat(Berth.why(berth.awaitReason("ClaimInUse"))).contains("s33-backup");
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(1);
    berth.world().deletePod("s33-backup");
    berth.isRefloated();
  }

  @Test
  @SideBySide
  void S34_of_two_claims_only_the_one_on_the_lost_node_goes() {
    // GIVEN a pod with a claim on each of two nodes, which nobody can run
    Berth berth = harbour.berth("s34").addHome().addRefuge();
    berth.volumesByHand(
        berth.disk("a", berth.home()).keptFor("a-s34-0"),
        berth.disk("b", berth.refuge()).keptFor("b-s34-0"),
        berth.disk("spare", berth.refuge()));
    berth
        .world()
        .add(
            berth.here(
                LabStatefulSet.named("s34")
                    .claim("a", "s34")
                    .claim("b", "s34")
                    .annotation("refloat.dev/recover", "true")
                    .annotation("refloat.dev/after", "1s")));
    berth.awaitReason("ConflictingPins");

    berth.loseHome();

    berth.isRefloated(berth.pod(), "a-s34-0");
    harbour.leavesAlone("b-s34-0");
  }

  @Test
  @SideBySide
  void S35_the_same_names_in_two_namespaces_are_two_claims() {
    try (Scene other = Scene.in(lab, "twin");
        Scene scene = Scene.in(lab, "twin")) {
      other.running(Scene.optedIn("db").annotation("refloat.dev/after", "1h"));
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller =
          scene.controller(
              "WATCHED_NAMESPACES", scene.world().namespace() + "," + other.world().namespace());

      other.loseNodeOf("db-0");
      String lost = scene.loseNodeOf("db-0");

      scene.awaitReason(controller, "db-0", "Recover");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      assertThat(other.recorder().claims().uids("data-db-0")).hasSize(1);
      assertThat(controller.log())
          .filteredOn(line -> line.message().equals("Successfully deleted PVC"))
          .extracting(line -> line.get("namespace").orElse(""))
          .containsExactly(scene.world().namespace());
    }
  }

  @Test
  @SideBySide
  void S36_a_volume_that_says_it_belongs_to_another_claim_is_never_given_up() {
    // With the policy Delete the provisioner would wipe the volume at once.
    Berth berth = harbour.berth("s36");
    berth.volumesByHand(berth.disk("disk", berth.home()), berth.disk("spare", berth.refuge()));
    berth.running(
        berth.here(
            LabStatefulSet.named("s36")
                .claim("data", "s36")
                .annotation("refloat.dev/recover", "true")
                .annotation("refloat.dev/after", "0s")));
    berth
        .volumeResource(berth.claim())
        .edit(
            volume ->
                new PersistentVolumeBuilder(volume)
                    .editSpec()
                    .editClaimRef()
                    .withUid("00000000-0000-0000-0000-000000000000")
                    .endClaimRef()
                    .endSpec()
                    .build());
    Await.seconds(20)
        .until(
            "the claim is called Lost",
            () -> berth.world().claim(berth.claim()).orElseThrow().getStatus().getPhase(),
            "Lost"::equals);

    berth.loseHome();

    assertThat(Berth.why(berth.awaitReason("BindingInconsistent")))
        .contains("00000000-0000-0000-0000-000000000000");
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S37_a_replica_that_is_scaled_away_while_it_is_stranded_keeps_its_claim() {
    Berth berth = harbour.berth("s37");
    berth.running(berth.set().replicas(2).parallel().annotation("refloat.dev/after", "5s"));
    berth.loseHome();
    berth.awaitReason("s37-1", "SiblingsNotReady");

    harbour.scene().scale("s37", 1);

    // The one that is left has no siblings any more, and goes on.
    berth.isRefloated();
    harbour.leavesAlone("data-s37-1");
  }

  @Test
  @SideBySide
  void S39_a_claim_whose_volume_was_deleted_is_held_for_ten_minutes_which_its_return_restarts() {
    Berth berth = harbour.berth("s39");
    berth.running(berth.set());
    PersistentVolume volume = berth.world().volumeOf(berth.claim()).orElseThrow();
    String name = volume.getMetadata().getName();

    berth.world().volumeObjectLost(name);
    berth.world().deletePod(berth.pod());
    LogLine first = berth.awaitReason("GracePeriod");
    assertThat(Berth.why(first)).contains("volume " + name, "is lost (node-gone) since");
    Berth.awaitNextSecondAfter(first);

    // WHEN somebody makes the volume's object again
    berth
        .client()
        .resource(
            new PersistentVolumeBuilder(volume)
                .editMetadata()
                .withResourceVersion(null)
                .withUid(null)
                .endMetadata()
                .withStatus(null)
                .build())
        .create();

    // THEN the pod is at home, and the next loss of it begins anew
    berth.isHomeAgain();
    berth.world().volumeObjectLost(name);
    berth.world().deletePod(berth.pod());
    LogLine second = berth.awaitReasonAfter(first, "GracePeriod");
    assertThat(Berth.why(second)).isNotEqualTo(Berth.why(first));
    berth.leavesAlone();
  }

  private static PodSpecBuilder withScratch(PodSpecBuilder spec, Berth berth) {
    return spec.addNewVolume()
        .withName("scratch")
        .withNewEphemeral()
        .withNewVolumeClaimTemplate()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(berth.inCluster("fast"))
        .withNewResources()
        .addToRequests("storage", new Quantity("1Gi"))
        .endResources()
        .endSpec()
        .endVolumeClaimTemplate()
        .endEphemeral()
        .endVolume();
  }

  /** A pod that nobody makes again, opted in and labelled by hand. */
  private static void bare(Berth berth, String name, String claim) {
    berth.client().resource(pod(berth, name, claim, Map.of()).build()).create();
  }

  private static PodBuilder pod(
      Berth berth, String name, String claim, Map<String, String> labels) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(berth.world().namespace())
        .withLabels(labels)
        .withAnnotations(OPT_IN)
        .endMetadata()
        .withSpec(podSpec(berth, claim).build());
  }

  private static PodSpecBuilder podSpec(Berth berth, String claim) {
    return new PodSpecBuilder()
        .withTerminationGracePeriodSeconds(0L)
        .withNodeSelector(berth.selector())
        .addNewContainer()
        .withName("app")
        .withImage("lab.invalid/app")
        .endContainer()
        .addNewVolume()
        .withName("data")
        .withNewPersistentVolumeClaim(claim, false)
        .endVolume();
  }

  /** The name of the Deployment's pod that is like this. */
  private static String deployed(Berth berth, Predicate<Pod> wanted) {
    return Await.seconds(20)
        .until(
            "the pod of Deployment s30-deployed",
            () ->
                berth
                    .client()
                    .pods()
                    .inNamespace(berth.world().namespace())
                    .withLabel("app", "s30-deployed")
                    .list()
                    .getItems()
                    .stream()
                    .filter(wanted)
                    .map(pod -> pod.getMetadata().getName())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static boolean isOnANode(Pod pod) {
    return pod.getSpec().getNodeName() != null;
  }

  private static void deployment(Berth berth, String name) {
    berth
        .client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(berth.world().namespace())
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .withAnnotations(OPT_IN)
                .endMetadata()
                .withSpec(podSpec(berth, name).build())
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }
}
