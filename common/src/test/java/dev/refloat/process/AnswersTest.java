package dev.refloat.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.kube.Excerpts;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class AnswersTest {

  private final KubernetesSerialization answers = Answers.readBy(Excerpts.all());

  @Test
  void of_a_pod_that_a_watch_tells_only_that_part_is_read() {
    WatchEvent event =
        answers.unmarshal(
            """
            {"type": "ADDED", "object": {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "db-0"},
             "spec": {"nodeName": "n1", "containers": [{"name": "app"}]}}}
            """,
            WatchEvent.class);

    assertThat(event.getObject())
        .isInstanceOfSatisfying(
            Pod.class,
            pod -> {
              assertThat(pod.getSpec().getNodeName()).isEqualTo("n1");
              assertThat(pod.getSpec().getContainers()).isEmpty();
              assertThat(pod.getSpec().getAdditionalProperties()).isEmpty();
            });
  }

  @Test
  void what_a_delete_leaves_is_known_for_what_it_is() {
    assertThat(
            answers.unmarshal(
                "{\"apiVersion\": \"v1\", \"kind\": \"Status\", \"code\": 200}",
                KubernetesResource.class))
        .isInstanceOf(Status.class);
  }

  @Test
  void no_other_kind_is_looked_for_in_the_models() {
    assertThat(
            answers.unmarshal(
                "{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"metadata\": {}}",
                KubernetesResource.class))
        .isInstanceOf(GenericKubernetesResource.class);
  }
}
