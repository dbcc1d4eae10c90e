package dev.refloat.lab.realnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkTest {

  private static final List<Network> ALL = IntStream.range(0, 16).mapToObj(Network::new).toList();

  private static Stream<Network.Place> places() {
    return ALL.stream().flatMap(network -> IntStream.rangeClosed(1, 15).mapToObj(network::place));
  }

  @Test
  void no_two_nodes_of_a_machine_have_anything_in_common() {
    assertThat(places().map(Network.Place::address)).doesNotHaveDuplicates();
    assertThat(places().map(Network.Place::hardwareAddress)).doesNotHaveDuplicates();
    assertThat(places().map(Network.Place::pods)).doesNotHaveDuplicates();
    assertThat(places().map(Network.Place::link)).doesNotHaveDuplicates();
  }

  @Test
  void all_addresses_are_of_the_block_for_trying_out_networks() {
    assertThat(places().map(Network.Place::address)).allMatch(one -> one.startsWith("198.18."));
    assertThat(places().map(Network.Place::pods))
        .allMatch(one -> one.matches("198\\.19\\.\\d{1,3}\\.0/24"))
        .allMatch(one -> Integer.parseInt(one.split("\\.", -1)[2]) <= 255);
  }

  @Test
  void a_name_of_a_network_device_has_at_most_15_characters() {
    assertThat(places().map(Network.Place::link)).allMatch(link -> link.length() <= 15);
  }

  @Test
  void a_node_knows_the_way_to_the_pods_of_all_others() {
    assertThat(new Network(3).place(2).others())
        .hasSize(14)
        .doesNotContain(new Network(3).place(2));
  }

  @Test
  void there_is_no_place_for_a_sixteenth_node() {
    assertThatThrownBy(() -> new Network(0).place(16)).hasMessage("node 16; expected 1 to 15");
  }

  @Test
  void a_bridge_tells_whose_it_is() {
    assertThat(new RunIdentity("0a1b2c3d").hardwareAddress()).isEqualTo("02:52:0a:1b:2c:3d");
    assertThat(RunIdentity.of("0a1b2c3")).isEmpty();
    assertThatThrownBy(() -> new RunIdentity("x; reboot"))
        .hasMessageContaining("expected eight hexadecimal digits");
  }
}
