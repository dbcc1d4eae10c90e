package dev.refloat.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.OptInReader;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdviceTest {

  private static final StatefulSet THREE_APART =
      new StatefulSetBuilder()
          .withNewSpec()
          .withReplicas(3)
          .withNewTemplate()
          .withNewSpec()
          .withNewAffinity()
          .withNewPodAntiAffinity()
          .addNewRequiredDuringSchedulingIgnoredDuringExecution()
          .withTopologyKey("kubernetes.io/hostname")
          .endRequiredDuringSchedulingIgnoredDuringExecution()
          .endPodAntiAffinity()
          .endAffinity()
          .endSpec()
          .endTemplate()
          .endSpec()
          .build();

  private static final StorageClass WAITS = storageClass("WaitForFirstConsumer", "Delete");
  private static final Map<String, String> CAREFUL =
      Map.of("refloat.dev/recover", "node-gone,node-not-ready");

  private static StorageClass storageClass(String binding, String policy) {
    return new StorageClassBuilder()
        .withNewMetadata()
        .withName("local")
        .endMetadata()
        .withVolumeBindingMode(binding)
        .withReclaimPolicy(policy)
        .build();
  }

  private static List<String> about(
      StatefulSet set, Map<String, String> annotations, StorageClass storageClass) {
    return Advice.about(set, OptInReader.read(annotations), Optional.of(storageClass)).stream()
        .map(Advice::what)
        .toList();
  }

  @Test
  void there_is_none_where_all_is_well() {
    assertThat(about(THREE_APART, CAREFUL, WAITS)).isEmpty();
  }

  @Test
  void replicas_are_to_be_more_than_one_and_apart() {
    StatefulSet one =
        new StatefulSetBuilder(THREE_APART).editSpec().withReplicas(1).endSpec().build();
    StatefulSet together =
        new StatefulSetBuilder(THREE_APART)
            .editSpec()
            .editTemplate()
            .editSpec()
            .withAffinity(null)
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();

    assertThat(about(one, CAREFUL, WAITS))
        .singleElement()
        .asString()
        .contains("more than one replica");
    assertThat(about(together, CAREFUL, WAITS))
        .singleElement()
        .asString()
        .contains("podAntiAffinity");
  }

  @Test
  void an_opt_in_that_does_little_or_nothing_is_told() {
    assertThat(about(THREE_APART, Map.of(), WAITS))
        .singleElement()
        .asString()
        .contains("refloat.dev/recover in the pod template");
    assertThat(about(THREE_APART, Map.of("refloat.dev/recover", "true"), WAITS))
        .singleElement()
        .asString()
        .contains("out-of-service");
    assertThat(about(THREE_APART, Map.of("refloat.dev/recover", "maybe"), WAITS))
        .singleElement()
        .asString()
        .contains("maybe");
  }

  @Test
  void discard_is_worth_a_word_only_where_the_class_wipes() {
    Map<String, String> discard =
        Map.of("refloat.dev/recover", "node-gone,node-tainted", "refloat.dev/data", "discard");

    assertThat(about(THREE_APART, discard, WAITS)).singleElement().asString().contains("keep");
    assertThat(about(THREE_APART, discard, storageClass("WaitForFirstConsumer", "Retain")))
        .isEmpty();
  }

  @Test
  void a_class_that_binds_at_once_chooses_the_node_before_the_pod_does() {
    assertThat(about(THREE_APART, CAREFUL, storageClass("Immediate", "Delete")))
        .singleElement()
        .asString()
        .contains("WaitForFirstConsumer");
  }

  @Test
  void bearing_a_silent_node_for_ever_keeps_a_pod_from_being_made_anew() {
    StatefulSet bears =
        new StatefulSetBuilder(THREE_APART)
            .editSpec()
            .editTemplate()
            .editSpec()
            .addNewToleration()
            .withOperator("Exists")
            .endToleration()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    StatefulSet bearsForAWhile =
        new StatefulSetBuilder(THREE_APART)
            .editSpec()
            .editTemplate()
            .editSpec()
            .addNewToleration()
            .withKey("node.kubernetes.io/unreachable")
            .withEffect("NoExecute")
            .withTolerationSeconds(30L)
            .endToleration()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();

    assertThat(about(bears, CAREFUL, WAITS))
        .singleElement()
        .asString()
        .contains("tolerationSeconds");
    assertThat(about(bearsForAWhile, CAREFUL, WAITS)).isEmpty();
  }
}
