package dev.refloat.recovery;

import static dev.refloat.recovery.Given.id;
import static dev.refloat.recovery.Given.stranded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OursTest {

  @Test
  void the_ordinary_stranded_pod_is_refloated() {
    assertThat(stranded().judged()).isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S38_a_forged_label_is_no_opt_in() {
    assertThat(stranded().notOptedIn().judged()).isEqualTo(new Verdict.Leave.NotOptedIn());
  }

  @Test
  void a_malformed_opt_in_never_acts() {
    assertThat(stranded().annotated(Names.AFTER, "15").judged())
        .isInstanceOf(Verdict.Leave.OptInMalformed.class);
  }

  @Test
  void a_malformed_template_never_acts_even_if_the_pods_opt_in_is_well() {
    assertThat(stranded().template(Names.AFTER, "15").judged())
        .isInstanceOfSatisfying(
            Verdict.Leave.OptInMalformed.class,
            malformed -> assertThat(malformed.where()).isEqualTo("template"));
  }

  @Test
  void S54_the_template_was_changed_while_the_pod_is_stuck() {
    assertThat(stranded().template(Names.RECOVER, "false").judged())
        .isEqualTo(
            new Verdict.Leave.PolicyDiffers(
                "recover=node-gone data=keep min-ready=all", "not opted in"));
  }

  @Test
  void S54_the_template_has_another_idea_of_the_data_by_now() {
    assertThat(stranded().template(Names.DATA, "discard").judged())
        .isInstanceOf(Verdict.Leave.PolicyDiffers.class);
  }

  @Test
  void S54_somebody_patched_a_single_pod() {
    assertThat(stranded().pod(pod -> Given.annotated(pod, Names.DATA, "discard")).judged())
        .isEqualTo(
            new Verdict.Leave.PolicyDiffers(
                "recover=node-gone data=discard min-ready=all",
                "recover=node-gone data=keep min-ready=all"));
  }

  @Test
  void S30_a_pod_whose_set_is_gone() {
    assertThat(stranded().noSet().judged())
        .isEqualTo(new Verdict.Leave.NoStatefulSet("StatefulSet db of UID uid-db"));
  }

  @Test
  void S30_a_set_of_that_name_but_of_another_uid_is_not_its_owner() {
    UnaryOperator<OwningSet> recreated =
        set ->
            new OwningSet(
                id("db", "uid-new"),
                set.start(),
                set.replicas(),
                set.claimTemplates(),
                set.annotations(),
                set.templateAnnotations(),
                set.ordered(),
                set.minReady(),
                set.createdAt(),
                false);
    assertThat(stranded().set(recreated).judged()).isInstanceOf(Verdict.Leave.NoStatefulSet.class);
  }

  @Test
  void S30_a_pod_of_a_Deployment() {
    UnaryOperator<Pod> ofDeployment =
        pod ->
            new Pod(
                pod.id(),
                pod.annotations(),
                pod.phase(),
                pod.node(),
                pod.nominatedNode(),
                false,
                false,
                pod.createdAt(),
                Optional.of(new Pod.Owner("ReplicaSet", "db", "uid-db")),
                pod.volumes(),
                pod.readySince(),
                pod.placement());
    assertThat(stranded().pod(ofDeployment).judged())
        .isInstanceOf(Verdict.Leave.NoStatefulSet.class);
  }

  @Test
  void S37_the_set_is_scaled_down_below_this_ordinal() {
    assertThat(stranded().set(replicas(0, 1)).judged())
        .isInstanceOf(Verdict.Leave.BeingRemoved.class);
  }

  @Test
  void S37_the_first_ordinal_has_moved_above_it() {
    assertThat(stranded().set(replicas(2, 3)).judged())
        .isInstanceOf(Verdict.Leave.BeingRemoved.class);
  }

  @Test
  void S37_the_set_is_being_deleted() {
    UnaryOperator<OwningSet> deleted =
        set ->
            new OwningSet(
                set.id(),
                0,
                3,
                set.claimTemplates(),
                Map.of(),
                set.templateAnnotations(),
                true,
                Duration.ZERO,
                set.createdAt(),
                true);
    assertThat(stranded().set(deleted).judged())
        .isEqualTo(new Verdict.Leave.BeingRemoved("StatefulSet shop/db is being deleted"));
  }

  @Test
  void S37_the_namespace_is_being_deleted() {
    assertThat(stranded().namespace(Map.of(), true).judged())
        .isEqualTo(new Verdict.Leave.BeingRemoved("Namespace shop is being deleted"));
  }

  @Test
  void paused_by_the_set_or_its_namespace_but_not_by_false() {
    UnaryOperator<OwningSet> paused =
        set ->
            new OwningSet(
                set.id(),
                0,
                3,
                List.of(Given.template("data")),
                Map.of(Names.PAUSED, ""),
                set.templateAnnotations(),
                true,
                Duration.ZERO,
                set.createdAt(),
                false);
    assertThat(stranded().set(paused).judged())
        .isEqualTo(new Verdict.Leave.Paused("StatefulSet shop/db"));
    assertThat(stranded().namespace(Map.of(Names.PAUSED, "since Tuesday"), false).judged())
        .isEqualTo(new Verdict.Leave.Paused("Namespace shop"));
    assertThat(stranded().namespace(Map.of(Names.PAUSED, "false"), false).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  private static UnaryOperator<OwningSet> replicas(int start, int replicas) {
    return set ->
        new OwningSet(
            set.id(),
            start,
            replicas,
            set.claimTemplates(),
            Map.of(),
            set.templateAnnotations(),
            true,
            Duration.ZERO,
            set.createdAt(),
            false);
  }
}
