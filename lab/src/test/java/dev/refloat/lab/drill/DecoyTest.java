package dev.refloat.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecoyTest {

  private static final StatefulSet DATABASE =
      new StatefulSetBuilder()
          .withNewMetadata()
          .withName("db")
          .withNamespace("poc")
          .endMetadata()
          .withNewSpec()
          .withReplicas(3)
          .withNewTemplate()
          .withNewSpec()
          .addToNodeSelector("disk", "fast")
          .addNewToleration()
          .withKey("only-databases")
          .withOperator("Exists")
          .endToleration()
          .addNewInitContainer()
          .withName("join-the-cluster")
          .endInitContainer()
          .addNewContainer()
          .withName("db")
          .withImage("database:1")
          .addNewEnv()
          .withName("CLUSTER")
          .withValue("production")
          .endEnv()
          .addNewPort()
          .withContainerPort(5432)
          .endPort()
          .endContainer()
          .endSpec()
          .endTemplate()
          .addNewVolumeClaimTemplate()
          .withNewMetadata()
          .withName("pgdata")
          .endMetadata()
          .withNewSpec()
          .withStorageClassName("local")
          .withAccessModes("ReadWriteOnce")
          .withNewResources()
          .addToRequests("storage", new Quantity("1Gi"))
          .endResources()
          .endSpec()
          .endVolumeClaimTemplate()
          .endSpec()
          .build();

  @Test
  void a_decoy_can_run_where_the_app_can_and_never_does_what_the_app_does() {
    StatefulSet decoy = Decoy.like(DATABASE, "refloat-drill-x");

    var spec = decoy.getSpec().getTemplate().getSpec();
    assertThat(spec.getNodeSelector()).containsEntry("disk", "fast");
    assertThat(spec.getTolerations()).hasSize(1);
    assertThat(spec.getInitContainers()).isEmpty();
    assertThat(spec.getContainers())
        .singleElement()
        .satisfies(
            container -> {
              assertThat(container.getImage()).isEqualTo("database:1");
              assertThat(container.getCommand()).contains("sh");
              assertThat(container.getEnv()).isEmpty();
              assertThat(container.getPorts()).isEmpty();
            });
    assertThat(decoy.getSpec().getReplicas()).isEqualTo(1);
    assertThat(decoy.getSpec().getVolumeClaimTemplates())
        .singleElement()
        .satisfies(claim -> assertThat(claim.getSpec().getStorageClassName()).isEqualTo("local"));
    assertThat(decoy.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
        .isEqualTo("Delete");
  }

  @ParameterizedTest
  @EnumSource(Decoy.class)
  void each_is_wrong_in_a_way_of_its_own(Decoy decoy) {
    StatefulSet healthy = Decoy.like(DATABASE, "refloat-drill-x");

    StatefulSet spoilt = decoy.spoil(healthy, "node-1");

    assertThat(spoilt).isNotEqualTo(healthy);
    assertThat(spoilt.getMetadata()).isEqualTo(healthy.getMetadata());
    assertThat(spoilt.getSpec().getTemplate().getMetadata())
        .as("as opted in as before")
        .isEqualTo(healthy.getSpec().getTemplate().getMetadata());
    boolean claimsChanged =
        !spoilt
            .getSpec()
            .getVolumeClaimTemplates()
            .equals(healthy.getSpec().getVolumeClaimTemplates());
    assertThat(claimsChanged).as("what a StatefulSet cannot change").isEqualTo(decoy.isBornWrong());
  }
}
