package dev.refloat.controller.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * S40: who does not lead any more writes nothing. Nobody answers here: a request fails the test.
 */
class WritesTest {

  private static final ObjectId VOLUME = new ObjectId("", "pv-1", "uid-pv", "1");
  private static final ObjectId CLAIM = new ObjectId("shop", "data-db-0", "uid-claim", "1");
  private static final ObjectId POD = new ObjectId("shop", "db-0", "uid-pod", "1");
  private static final Plan.Step.KeepData KEEP =
      new Plan.Step.KeepData(
          VOLUME, "Delete", new Plan.KeptFor("shop", "data-db-0", "uid-claim", "db", 0));

  private static final List<Function<Writes, Writes.Written<?>>> ALL =
      List.of(
          writes -> writes.keep(KEEP, Instant.EPOCH),
          writes -> writes.restore(VOLUME, "Delete"),
          writes -> writes.markAttempt(CLAIM, "db-0", 1),
          writes -> writes.unmark(CLAIM),
          writes -> writes.stays(CLAIM, Instant.EPOCH),
          writes -> writes.deleteClaim(CLAIM),
          writes -> writes.deletePod(POD));

  private final KubernetesClient nobody =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder()
                  .withAutoConfigure(false)
                  .withMasterUrl("http://127.0.0.1:1")
                  .withRequestRetryBackoffLimit(0)
                  .build())
          .build();

  @AfterEach
  void close() {
    nobody.close();
  }

  @Test
  void S40_no_write_goes_out_once_the_fence_objects() {
    Writes writes = new Writes(nobody, () -> Optional.of("the Lease was lost"));

    for (Function<Writes, Writes.Written<?>> write : ALL) {
      assertThat(write.apply(writes)).isEqualTo(new Writes.Written.Fenced<>("the Lease was lost"));
    }
  }

  @Test
  void without_an_objection_every_write_goes_out() {
    Writes writes = new Writes(nobody, Fence.NONE);

    for (Function<Writes, Writes.Written<?>> write : ALL) {
      assertThatThrownBy(() -> write.apply(writes)).isInstanceOf(KubernetesClientException.class);
    }
  }
}
