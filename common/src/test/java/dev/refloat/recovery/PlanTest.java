package dev.refloat.recovery;

import static dev.refloat.recovery.Given.id;
import static dev.refloat.recovery.Given.stranded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.Names;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTest {

  @Test
  void S44_keep_comes_before_the_claim_and_the_claim_before_the_pod() {
    assertThat(plan(stranded()).steps())
        .containsExactly(
            new Plan.Step.KeepData(
                new ObjectId("", "pv-1", "uid-pv-1", "5"),
                "Delete",
                new Plan.KeptFor("shop", "data-db-1", "uid-data-db-1", "db", 1)),
            new Plan.Step.DeleteClaim(id("data-db-1", "uid-data-db-1"), Optional.of("pv-1")),
            new Plan.Step.DeletePod(id("db-1", "uid-db-1")));
  }

  @Test
  void discard_never_modifies_the_volume() {
    assertThat(plan(stranded().annotated(Names.DATA, "discard")).steps())
        .containsExactly(
            new Plan.Step.DeleteClaim(id("data-db-1", "uid-data-db-1"), Optional.of("pv-1")),
            new Plan.Step.DeletePod(id("db-1", "uid-db-1")));
  }

  @Test
  void S40_every_step_names_its_object_by_uid_and_version() {
    assertThat(plan(stranded()).steps())
        .allSatisfy(
            step -> {
              assertThat(step.target().uid()).isNotEmpty();
              assertThat(step.target().resourceVersion()).isNotEmpty();
            });
  }

  private static Plan plan(Given given) {
    return ((Verdict.Recover) given.judged()).plan();
  }

  @Test
  void
      S58_a_volume_that_an_earlier_pass_kept_for_this_claim_keeps_the_memory_of_its_first_policy() {
    Volume first = Given.volume("pv-1", "data-db-1", "n1");
    Volume kept =
        new Volume(
            first.id(),
            first.createdAt(),
            first.source(),
            first.affinity(),
            first.boundTo(),
            first.phase(),
            "Retain",
            first.storageClass(),
            first.bytes(),
            first.accessModes(),
            first.mode(),
            false,
            Optional.of("Delete"));

    assertThat(
            plan(stranded().storage(Given.present(Given.claim("data-db-1", "pv-1"), kept)))
                .steps()
                .getFirst())
        .isInstanceOfSatisfying(
            Plan.Step.KeepData.class, step -> assertThat(step.policyWas()).isEqualTo("Delete"));
  }
}
