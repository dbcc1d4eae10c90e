package dev.refloat.controller.survey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lean.Heartbeat;
import dev.refloat.recovery.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VanishedTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

  private final Vanished vanished = new Vanished();

  @Test
  void S21_a_look_after_the_loss_does_not_make_it_forgotten() {
    // GIVEN a quiet cluster, in which nobody lists Nodes
    vanished.heard(beats(TEN, "n1", "n2", "n3", "n4"), TEN);

    // WHEN two Nodes are deleted, their Leases with them, and somebody looks around before PodGC
    // has stranded the first pod
    vanished.heard(beats(TEN.plusSeconds(30), "n1", "n2"), TEN.plusSeconds(30));
    vanished.heard(beats(TEN.plusSeconds(60), "n1", "n2"), TEN.plusSeconds(60));

    assertThat(vanished.missing(nodes("n1", "n2"), TEN.plusSeconds(70)))
        .containsExactlyInAnyOrder("n3", "n4");
  }

  @Test
  void S21_a_node_that_was_silent_for_long_before_it_was_deleted_vanished_all_the_same() {
    vanished.heard(List.of(new Heartbeat("n1", TEN.minus(Duration.ofHours(1)))), TEN);
    vanished.heard(List.of(), TEN.plusSeconds(30));

    assertThat(vanished.missing(List.of(), TEN.plusSeconds(40))).containsExactly("n1");
  }

  @Test
  void a_Lease_that_nobody_renews_says_nothing_of_a_node() {
    assertThat(
            vanished.heard(
                Stream.concat(
                        beats(TEN, "n1").stream(),
                        beats(TEN.minusSeconds(61), "long-gone").stream())
                    .toList(),
                TEN))
        .isEqualTo(1);

    assertThat(vanished.missing(nodes("n1"), TEN.plusSeconds(1))).isEmpty();
  }

  @Test
  void S21_ten_minutes_later_it_is_history() {
    assertThat(vanished.missing(nodes("n1", "n2"), TEN)).isEmpty();
    assertThat(vanished.missing(nodes("n1"), TEN.plusSeconds(600))).containsExactly("n2");
    assertThat(vanished.missing(nodes("n1"), TEN.plusSeconds(601))).isEmpty();
  }

  @Test
  void a_node_that_is_back_has_not_vanished() {
    vanished.missing(nodes("n1", "n2"), TEN);
    vanished.missing(nodes("n1"), TEN.plusSeconds(1));

    assertThat(vanished.missing(nodes("n1", "n2"), TEN.plusSeconds(2))).isEmpty();
  }

  @Test
  void S18_it_is_called_by_its_hostname_as_its_volumes_call_it() {
    vanished.missing(List.of(node("ip-10-0-0-1", Map.of("kubernetes.io/hostname", "n1"))), TEN);

    assertThat(vanished.missing(List.of(), TEN.plusSeconds(1))).containsExactly("n1");
  }

  private static List<Heartbeat> beats(Instant renewed, String... names) {
    return Stream.of(names).map(name -> new Heartbeat(name, renewed)).toList();
  }

  private static List<Node> nodes(String... names) {
    return Stream.of(names).map(name -> node(name, Map.of())).toList();
  }

  private static Node node(String name, Map<String, String> labels) {
    return new Node(
        name, "uid-" + name, Instant.EPOCH, labels, false, List.of(), true, Instant.EPOCH);
  }
}
