package dev.refloat.recovery;

import static dev.refloat.recovery.Given.GIB;
import static dev.refloat.recovery.Given.LONG_AGO;
import static dev.refloat.recovery.Given.NOW;
import static dev.refloat.recovery.Given.claim;
import static dev.refloat.recovery.Given.cordoned;
import static dev.refloat.recovery.Given.finalizers;
import static dev.refloat.recovery.Given.hostname;
import static dev.refloat.recovery.Given.id;
import static dev.refloat.recovery.Given.label;
import static dev.refloat.recovery.Given.node;
import static dev.refloat.recovery.Given.notReady;
import static dev.refloat.recovery.Given.otherPod;
import static dev.refloat.recovery.Given.phase;
import static dev.refloat.recovery.Given.present;
import static dev.refloat.recovery.Given.selected;
import static dev.refloat.recovery.Given.storageClass;
import static dev.refloat.recovery.Given.stranded;
import static dev.refloat.recovery.Given.tainted;
import static dev.refloat.recovery.Given.volume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Names;
import dev.refloat.storage.VolumeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ClaimsTest {

  private static final Pod.ClaimRef DATA = new Pod.ClaimRef("data", "data-db-1", false);

  @Test
  void S08_an_unbound_claim_has_nothing_to_delete() {
    assertThat(stranded().storage(unbound(claim("data-db-1", ""))).judged())
        .isEqualTo(new Verdict.Leave.ClaimUnbound("data-db-1", Optional.empty()));
  }

  @Test
  void S32_S41_a_claim_that_waits_for_the_pod_keeps_no_lost_one_and_stays() {
    for (boolean ephemeral : List.of(true, false)) {
      Verdict verdict = stranded().alsoStorage(waiting("", false, ephemeral)).judged();

      assertThat(((Verdict.Recover) verdict).plan().steps())
          .filteredOn(step -> step instanceof Plan.Step.DeleteClaim)
          .extracting(step -> step.target().name())
          .containsExactly("data-db-1");
    }
  }

  @Test
  void S08_a_claim_that_does_not_wait_for_the_pod_keeps_it_beside_a_lost_one_too() {
    assertThat(stranded().alsoStorage(waiting("", true, false)).judged())
        .isEqualTo(new Verdict.Leave.ClaimUnbound("wal-db-1", Optional.empty()));
    assertThat(stranded().alsoStorage(waiting("n3", false, false)).judged())
        .isEqualTo(new Verdict.Leave.ClaimUnbound("wal-db-1", Optional.of("n3")));
    assertThat(
            stranded()
                .alsoStorage(
                    new PodStorage.Unbound(
                        new Pod.ClaimRef("wal", "wal-db-1", false),
                        claim("wal-db-1", ""),
                        Optional.empty()))
                .judged())
        .isInstanceOf(Verdict.Leave.ClaimUnbound.class);
  }

  /** A second claim without a volume, of a class that binds at once or with the pod. */
  private static PodStorage waiting(String selectedNode, boolean immediate, boolean ephemeral) {
    return new PodStorage.Unbound(
        new Pod.ClaimRef("wal", "wal-db-1", ephemeral),
        selectedNode.isEmpty() ? claim("wal-db-1", "") : selected("wal-db-1", selectedNode),
        Optional.of(
            new StorageClass(
                "fast", "rancher.io/local-path", immediate, Optional.empty(), Optional.empty())));
  }

  @Test
  void S55_a_claim_whose_selected_node_died_while_provisioning_is_given_up_without_keeping() {
    Verdict verdict = stranded().storage(unbound(selected("data-db-1", "n1"))).judged();
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Recover.class,
            recover ->
                assertThat(recover.plan().steps())
                    .containsExactly(
                        new Plan.Step.DeleteClaim(
                            id("data-db-1", "uid-data-db-1"), Optional.empty()),
                        new Plan.Step.DeletePod(id("db-1", "uid-db-1"))));
  }

  @Test
  void S55_the_same_grace_holds() {
    assertThat(
            stranded()
                .since(NOW.minusSeconds(14))
                .storage(unbound(selected("data-db-1", "n1")))
                .judged())
        .isEqualTo(
            new Verdict.Hold.GracePeriod(
                "data-db-1",
                "selected node n1",
                LostState.GONE,
                NOW.minusSeconds(14),
                NOW.plusSeconds(1)));
  }

  @Test
  void S55_a_selected_node_that_is_there_makes_the_volume_yet() {
    assertThat(stranded().storage(unbound(selected("data-db-1", "n3"))).judged())
        .isEqualTo(new Verdict.Leave.ClaimUnbound("data-db-1", Optional.of("n3")));
    assertThat(
            stranded()
                .alsoNode(cordoned(notReady(node("n1"))))
                .storage(unbound(selected("data-db-1", "n1")))
                .judged())
        .isEqualTo(new Verdict.Leave.ClaimUnbound("data-db-1", Optional.of("n1")));
    assertThat(stranded().csiNodes("n1").storage(unbound(selected("data-db-1", "n1"))).judged())
        .isEqualTo(new Verdict.Leave.ClaimUnbound("data-db-1", Optional.of("n1")));
  }

  @Test
  void S16_S55_a_selected_node_out_of_service_is_gone() {
    assertThat(
            stranded()
                .alsoNode(tainted(notReady(node("n1")), Home.OUT_OF_SERVICE))
                .storage(unbound(selected("data-db-1", "n1")))
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S55_needs_node_gone_in_the_opt_in() {
    assertThat(
            stranded()
                .optedIn("node-not-ready")
                .storage(unbound(selected("data-db-1", "n1")))
                .judged())
        .isInstanceOf(Verdict.Leave.StateNotOptedIn.class);
  }

  @Test
  void S04_S55_a_claim_of_network_storage_is_not_given_up() {
    assertThat(
            stranded()
                .storage(
                    new PodStorage.Unbound(
                        DATA,
                        selected("data-db-1", "n1"),
                        Optional.of(storageClass("ebs.csi.aws.com"))))
                .judged())
        .isInstanceOf(Verdict.Leave.ClaimUnbound.class);
  }

  @Test
  void S36_the_volume_belongs_to_a_claim_of_another_uid() {
    Volume foreign =
        new Volume(
            new ObjectId("", "pv-1", "uid-pv-1", "5"),
            LONG_AGO,
            new VolumeSource.Local(),
            Optional.of(hostname("n1")),
            Optional.of(new Volume.BoundTo("shop", "data-db-1", "uid-of-an-older-claim")),
            "Bound",
            "Delete",
            "fast",
            Long.parseLong(GIB),
            Set.of(),
            "Filesystem",
            false,
            Optional.empty());
    assertThat(stranded().storage(present(claim("data-db-1", "pv-1"), foreign)).judged())
        .isInstanceOf(Verdict.Leave.BindingInconsistent.class);
  }

  @Test
  void S35_S36_the_volume_belongs_to_the_same_claim_name_in_another_namespace() {
    Volume foreign =
        new Volume(
            new ObjectId("", "pv-1", "uid-pv-1", "5"),
            LONG_AGO,
            new VolumeSource.Local(),
            Optional.of(hostname("n1")),
            Optional.of(new Volume.BoundTo("other-shop", "data-db-1", "uid-data-db-1")),
            "Bound",
            "Delete",
            "fast",
            Long.parseLong(GIB),
            Set.of(),
            "Filesystem",
            false,
            Optional.empty());
    assertThat(stranded().storage(present(claim("data-db-1", "pv-1"), foreign)).judged())
        .isInstanceOf(Verdict.Leave.BindingInconsistent.class);
  }

  @Test
  void S39_a_volume_that_somebody_deleted_is_given_up_after_ten_minutes_without_keeping() {
    PodStorage gone = volumeGone(phase("Lost", claim("data-db-1", "pv-1")));
    assertThat(stranded().since(NOW.minusSeconds(599)).storage(gone).judged())
        .isEqualTo(
            new Verdict.Hold.GracePeriod(
                "data-db-1",
                "volume pv-1",
                LostState.GONE,
                NOW.minusSeconds(599),
                NOW.plusSeconds(1)));
    assertThat(stranded().since(NOW.minusSeconds(600)).storage(gone).judged())
        .isInstanceOfSatisfying(
            Verdict.Recover.class,
            recover ->
                assertThat(recover.plan().steps())
                    .containsExactly(
                        new Plan.Step.DeleteClaim(
                            id("data-db-1", "uid-data-db-1"), Optional.of("pv-1")),
                        new Plan.Step.DeletePod(id("db-1", "uid-db-1"))));
  }

  @Test
  void S39_of_two_lost_claims_the_one_that_must_wait_longer_decides() {
    PodStorage log =
        new PodStorage.VolumeAbsent(
            new Pod.ClaimRef("log", "log-db-1", false),
            phase("Lost", claim("log-db-1", "pv-2")),
            "pv-2",
            Optional.of(storageClass("rancher.io/local-path")));
    Given both =
        stranded()
            .set(set -> Given.templates(set, Given.template("data"), Given.template("log")))
            .alsoStorage(log);
    assertThat(both.since(NOW.minusSeconds(60)).judged())
        .isEqualTo(
            new Verdict.Hold.GracePeriod(
                "log-db-1",
                "volume pv-2",
                LostState.GONE,
                NOW.minusSeconds(60),
                NOW.plusSeconds(540)));
    assertThat(both.since(NOW.minusSeconds(600)).judged()).isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S39_the_longest_of_the_opt_ins_grace_and_ten_minutes_counts() {
    PodStorage gone = volumeGone(phase("Lost", claim("data-db-1", "pv-1")));
    assertThat(
            stranded()
                .annotated(Names.AFTER, "0s")
                .since(NOW.minusSeconds(599))
                .storage(gone)
                .judged())
        .isInstanceOf(Verdict.Hold.GracePeriod.class);
    assertThat(
            stranded()
                .annotated(Names.AFTER, "11m")
                .since(NOW.minusSeconds(659))
                .storage(gone)
                .judged())
        .isInstanceOf(Verdict.Hold.GracePeriod.class);
  }

  @Test
  void S39_the_controllers_own_grace_counts_even_where_the_opt_in_has_a_shorter_one() {
    PodStorage gone = volumeGone(phase("Lost", claim("data-db-1", "pv-1")));
    assertThat(
            stranded()
                .grace(LostState.GONE, Duration.ofMinutes(20))
                .annotated(Names.AFTER, "0s")
                .since(NOW.minus(Duration.ofMinutes(19)))
                .storage(gone)
                .judged())
        .isInstanceOf(Verdict.Hold.GracePeriod.class);
  }

  @Test
  void S39_needs_node_gone_in_the_opt_in() {
    assertThat(
            stranded()
                .optedIn("node-cordoned,node-not-ready")
                .storage(volumeGone(phase("Lost", claim("data-db-1", "pv-1"))))
                .judged())
        .isInstanceOf(Verdict.Leave.StateNotOptedIn.class);
  }

  @Test
  void S39_a_claim_that_waits_for_the_volume_that_it_names_has_never_had_one() {
    assertThat(
            stranded().storage(volumeGone(phase("Pending", claim("data-db-1", "pv-1")))).judged())
        .isEqualTo(new Verdict.Leave.VolumeMissing("data-db-1", "pv-1"));
  }

  @Test
  void S04_S39_without_a_class_or_of_network_storage_nothing_says_that_it_was_local() {
    Claim lost = phase("Lost", claim("data-db-1", "pv-1"));
    assertThat(
            stranded()
                .storage(new PodStorage.VolumeAbsent(DATA, lost, "pv-1", Optional.empty()))
                .judged())
        .isEqualTo(new Verdict.Leave.VolumeMissing("data-db-1", "pv-1"));
    assertThat(
            stranded()
                .storage(
                    new PodStorage.VolumeAbsent(
                        DATA, lost, "pv-1", Optional.of(storageClass("ebs.csi.aws.com"))))
                .judged())
        .isEqualTo(new Verdict.Leave.VolumeMissing("data-db-1", "pv-1"));
  }

  @Test
  void S36_before_S39_a_claim_called_Lost_whose_volume_is_there_is_never_given_up() {
    Volume edited =
        new Volume(
            new ObjectId("", "pv-1", "uid-pv-1", "5"),
            LONG_AGO,
            new VolumeSource.Local(),
            Optional.of(hostname("n1")),
            Optional.of(new Volume.BoundTo("shop", "data-db-1", "edited")),
            "Bound",
            "Delete",
            "fast",
            Long.parseLong(GIB),
            Set.of(),
            "Filesystem",
            false,
            Optional.empty());
    assertThat(
            stranded().storage(present(phase("Lost", claim("data-db-1", "pv-1")), edited)).judged())
        .isInstanceOf(Verdict.Leave.BindingInconsistent.class);
  }

  @Test
  void S31_S39_a_lost_claim_that_the_set_would_not_make_again_is_never_given_up() {
    assertThat(
            stranded()
                .storage(
                    new PodStorage.VolumeAbsent(
                        new Pod.ClaimRef("data", "by-hand", false),
                        phase("Lost", claim("by-hand", "pv-1")),
                        "pv-1",
                        Optional.of(storageClass("rancher.io/local-path"))))
                .judged())
        .isEqualTo(new Verdict.Leave.ClaimNotFromTemplate("by-hand"));
  }

  @Test
  void S43_a_finalizer_of_the_volumes_own_driver_passes_one_of_another_driver_holds() {
    String own = "topolvm.io/pvc";
    Claim claim = finalizers(claim("data-db-1", "pv-1"), "kubernetes.io/pvc-protection", own);
    Volume topolvm =
        volume(
            "pv-1", "data-db-1", new VolumeSource.Csi("topolvm.io"), Optional.of(hostname("n1")));
    assertThat(stranded().storage(present(claim, topolvm)).judged())
        .isInstanceOf(Verdict.Recover.class);
    assertThat(stranded().storage(present(claim, volume("pv-1", "data-db-1", "n1"))).judged())
        .isEqualTo(new Verdict.Hold.ForeignFinalizer("data-db-1", List.of(own)));
  }

  @Test
  void S43_S56_a_claim_on_its_way_out_is_waited_for() {
    Claim going =
        new Claim(
            id("data-db-1", "uid-data-db-1"),
            "Bound",
            Optional.of("pv-1"),
            Optional.of("fast"),
            Map.of(),
            false,
            Set.of("backup.example.com/hold"),
            LONG_AGO,
            true,
            Optional.empty(),
            1,
            Set.of(),
            "Filesystem");
    assertThat(stranded().storage(present(going, volume("pv-1", "data-db-1", "n1"))).judged())
        .isEqualTo(
            new Verdict.Hold.ClaimTerminating("data-db-1", List.of("backup.example.com/hold")));
  }

  @Test
  void S56_a_template_claim_that_is_gone_for_five_seconds_lets_the_pod_go() {
    Verdict verdict =
        stranded().storage(new PodStorage.ClaimAbsent(DATA, Duration.ofSeconds(5))).judged();

    assertThat(verdict).isInstanceOf(Verdict.Recover.class);
    assertThat(((Verdict.Recover) verdict).plan().steps())
        .containsExactly(new Plan.Step.DeletePod(id("db-1", "uid-db-1")));
  }

  @Test
  void S43_S56_a_claim_on_its_way_out_keeps_the_pod_in_whatever_order_the_volumes_are() {
    PodStorage absent = new PodStorage.ClaimAbsent(DATA, Duration.ofMinutes(1));
    Claim leaving = Copy.with(claim("wal-db-1", "pv-2"), "terminating", true);
    PodStorage going = present(leaving, volume("pv-2", "wal-db-1", "n1"));
    Verdict waits =
        new Verdict.Hold.ClaimTerminating("wal-db-1", List.of("kubernetes.io/pvc-protection"));

    assertThat(stranded().storage(going, absent).judged()).isEqualTo(waits);
    assertThat(stranded().storage(absent, going).judged()).isEqualTo(waits);
  }

  @Test
  void S56_the_pod_goes_when_the_last_of_its_claims_is_absent_for_five_seconds() {
    PodStorage data = new PodStorage.ClaimAbsent(DATA, Duration.ofMinutes(1));
    Pod.ClaimRef wal = new Pod.ClaimRef("wal", "wal-db-1", false);
    PodStorage later = new PodStorage.ClaimAbsent(wal, Duration.ofSeconds(2));
    UnaryOperator<OwningSet> both =
        set ->
            Copy.with(
                set, "claimTemplates", List.of(Given.template("data"), Given.template("wal")));

    assertThat(stranded().set(both).storage(data, later).judged())
        .isEqualTo(new Verdict.Hold.ClaimAbsent("wal-db-1", NOW.plusSeconds(3)));
  }

  @Test
  void S36_a_claim_that_names_another_volume() {
    PodStorage other = present(claim("data-db-1", "pv-9"), volume("pv-1", "data-db-1", "n1"));

    assertThat(stranded().storage(other).judged())
        .isEqualTo(
            new Verdict.Leave.BindingInconsistent("data-db-1", "pv-1", "the claim names pv-9"));
  }

  @Test
  void S56_a_template_claim_that_has_just_gone_may_be_made_again_first() {
    assertThat(stranded().storage(new PodStorage.ClaimAbsent(DATA, Duration.ofSeconds(2))).judged())
        .isEqualTo(new Verdict.Hold.ClaimAbsent("data-db-1", NOW.plusSeconds(3)));
  }

  @Test
  void S31_an_absent_claim_of_no_template_is_the_users_to_make() {
    Pod.ClaimRef own = new Pod.ClaimRef("extra", "handmade", false);
    assertThat(
            stranded().alsoStorage(new PodStorage.ClaimAbsent(own, Duration.ofMinutes(5))).judged())
        .isEqualTo(new Verdict.Leave.ClaimMissing("handmade"));
  }

  @Test
  void S31_a_claim_that_the_set_would_not_make_again_is_never_deleted() {
    assertThat(
            stranded()
                .storage(present(claim("handmade", "pv-1"), volume("pv-1", "handmade", "n1")))
                .judged())
        .isEqualTo(new Verdict.Leave.ClaimNotFromTemplate("handmade"));
  }

  @Test
  void S31_a_claim_of_another_ordinal_is_never_deleted() {
    assertThat(
            stranded()
                .storage(present(claim("data-db-11", "pv-1"), volume("pv-1", "data-db-11", "n1")))
                .judged())
        .isEqualTo(new Verdict.Leave.ClaimNotFromTemplate("data-db-11"));
  }

  @Test
  void S32_a_generic_ephemeral_volume_belongs_to_the_pod() {
    Pod.ClaimRef ephemeral = new Pod.ClaimRef("data", "data-db-1", true);
    PodStorage storage =
        new PodStorage.Present(
            ephemeral,
            claim("data-db-1", "pv-1"),
            volume("pv-1", "data-db-1", "n1"),
            Optional.empty());
    assertThat(stranded().storage(storage).judged())
        .isEqualTo(new Verdict.Leave.ClaimEphemeral("data-db-1"));
  }

  @Test
  void S33_a_backup_job_uses_the_claim_as_well() {
    Pod backup =
        otherPod("backup-x7", "n0", new Pod.Owner("Job", "backup", "uid-job"), "data-db-1");
    assertThat(stranded().alsoPod(backup).judged())
        .isEqualTo(new Verdict.Hold.ClaimInUse("data-db-1", List.of("backup-x7")));
  }

  @Test
  void S33_a_finished_job_uses_nothing() {
    Pod backup =
        otherPod("backup-x7", "n0", new Pod.Owner("Job", "backup", "uid-job"), "data-db-1");
    Pod finished =
        new Pod(
            backup.id(),
            Map.of(),
            "Succeeded",
            backup.node(),
            Optional.empty(),
            false,
            false,
            LONG_AGO,
            backup.controller(),
            backup.volumes(),
            Optional.empty(),
            Placement.ANYWHERE);
    assertThat(stranded().alsoPod(finished).judged()).isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S43_a_foreign_finalizer_has_a_say() {
    Claim held =
        new Claim(
            id("data-db-1", "uid-data-db-1"),
            "Bound",
            Optional.of("pv-1"),
            Optional.of("fast"),
            Map.of(),
            false,
            Set.of("kubernetes.io/pvc-protection", "backup.example.com/hold"),
            LONG_AGO,
            false,
            Optional.empty(),
            1,
            Set.of(),
            "Filesystem");
    assertThat(stranded().storage(present(held, volume("pv-1", "data-db-1", "n1"))).judged())
        .isEqualTo(
            new Verdict.Hold.ForeignFinalizer("data-db-1", List.of("backup.example.com/hold")));
  }

  @Test
  void S34_only_the_claim_on_the_lost_node_goes() {
    PodStorage network =
        present(
            claim("logs-db-1", "pv-net"),
            volume(
                "pv-net", "logs-db-1", new VolumeSource.Csi("ebs.csi.aws.com"), Optional.empty()),
            "ebs.csi.aws.com");
    Verdict verdict = stranded().alsoStorage(network).judged();

    assertThat(((Verdict.Recover) verdict).plan().steps())
        .filteredOn(step -> step instanceof Plan.Step.DeleteClaim)
        .extracting(step -> step.target().name())
        .containsExactly("data-db-1");
  }

  @Test
  void S04_a_kept_volume_that_no_other_node_can_use_keeps_the_pod_here() {
    PodStorage zonal =
        present(
            claim("logs-db-1", "pv-net"),
            volume(
                "pv-net",
                "logs-db-1",
                new VolumeSource.Csi("ebs.csi.aws.com"),
                Optional.of(label("topology.kubernetes.io/zone", "a"))),
            "ebs.csi.aws.com");
    assertThat(stranded().alsoStorage(zonal).judged()).isInstanceOf(Verdict.Hold.NowhereToGo.class);
  }

  @Test
  void S03_a_zone_is_not_a_node() {
    Volume zonal =
        volume(
            "pv-1",
            "data-db-1",
            new VolumeSource.Local(),
            Optional.of(label("topology.kubernetes.io/zone", "a")));
    assertThat(stranded().storage(present(claim("data-db-1", "pv-1"), zonal)).judged())
        .isEqualTo(new Verdict.Leave.NotOneNode("data-db-1", "topology.kubernetes.io/zone in [a]"));
  }

  @Test
  void S04_network_storage_is_never_touched() {
    Volume network =
        volume(
            "pv-1",
            "data-db-1",
            new VolumeSource.Csi("ebs.csi.aws.com"),
            Optional.of(hostname("n1")));
    assertThat(stranded().storage(present(claim("data-db-1", "pv-1"), network)).judged())
        .isEqualTo(new Verdict.Leave.NoLocalVolume());
  }

  @Test
  void S07_two_claims_on_two_healthy_nodes() {
    assertThat(
            stranded()
                .storage(
                    present(claim("data-db-1", "pv-1"), volume("pv-1", "data-db-1", "n0")),
                    present(claim("logs-db-1", "pv-2"), volume("pv-2", "logs-db-1", "n3")))
                .alsoNode(node("n1"))
                .judged())
        .isEqualTo(
            new Verdict.Leave.ConflictingPins(List.of("data-db-1 on n0", "logs-db-1 on n3")));
  }

  private static PodStorage unbound(Claim claim) {
    return new PodStorage.Unbound(DATA, claim, Optional.of(storageClass("rancher.io/local-path")));
  }

  private static PodStorage volumeGone(Claim claim) {
    return new PodStorage.VolumeAbsent(
        DATA, claim, "pv-1", Optional.of(storageClass("rancher.io/local-path")));
  }
}
