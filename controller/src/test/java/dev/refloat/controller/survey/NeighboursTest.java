package dev.refloat.controller.survey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.kube.Facts;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NeighboursTest {

  private Instant now = Instant.parse("2026-11-28T10:00:00Z");

  /** What the API server would answer, by name. */
  private final Map<String, Pod> live = new TreeMap<>();

  private final List<String> read = new ArrayList<>();
  private final Neighbours neighbours =
      new Neighbours(
          Duration.ofSeconds(1),
          () -> now,
          namespace -> {
            read.add("all of " + namespace);
            now = now.plusSeconds(2);
            return List.copyOf(live.values());
          },
          (namespace, name) -> {
            read.add(namespace + "/" + name);
            return Optional.ofNullable(live.get(name));
          });

  NeighboursTest() {
    put("db-0", "7");
    put("db-1", "8");
    list();
    read.clear();
  }

  private ObjectId put(String name, String version) {
    Pod pod =
        Facts.pod(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .withUid("uid-of-" + name)
                .withResourceVersion(version)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build());
    live.put(name, pod);
    return pod.id();
  }

  private List<Pod> list(ObjectId... suspects) {
    return neighbours.of("shop", List.of(suspects), now, Instant.MIN).value();
  }

  @Test
  void a_list_that_took_long_serves_others_for_a_while_after_it_came() {
    now = now.plusMillis(999);
    assertThat(list(id("db-0"))).containsExactlyElementsOf(live.values());
    assertThat(read).isEmpty();

    now = now.plusMillis(1);
    assertThat(list()).hasSize(2);
    assertThat(read).containsExactly("all of shop");
  }

  @Test
  void S48_a_suspect_is_never_older_than_what_the_watch_has_told() {
    ObjectId newer = put("db-0", "9");

    assertThat(list(newer)).extracting(Pod::id).containsExactlyInAnyOrder(newer, id("db-1"));
    assertThat(read).containsExactly("shop/db-0");
  }

  @Test
  void a_list_that_is_younger_than_what_happened_is_believed() {
    ObjectId newer = put("db-0", "9");

    assertThat(neighbours.of("shop", List.of(newer), now.minusSeconds(2), Instant.MIN).value())
        .extracting(Pod::id)
        .doesNotContain(newer);
    assertThat(read).isEmpty();
  }

  @Test
  void a_suspect_that_came_after_the_list_is_read_by_itself() {
    ObjectId late = put("db-2", "9");

    assertThat(list(late)).hasSize(3).extracting(Pod::id).contains(late);
    assertThat(read).containsExactly("shop/db-2");
  }

  @Test
  void a_suspect_that_is_gone_by_now_is_gone_from_the_list() {
    ObjectId newer = put("db-0", "9");
    live.remove("db-0");

    assertThat(list(newer)).extracting(Pod::id).containsExactly(id("db-1"));
  }

  @Test
  void who_needs_a_younger_list_has_one() {
    assertThat(neighbours.of("shop", List.of(), now, now).asked()).isEqualTo(now.minusSeconds(2));
    assertThat(read).containsExactly("all of shop");
  }

  private ObjectId id(String name) {
    return Optional.ofNullable(live.get(name)).orElseThrow().id();
  }
}
