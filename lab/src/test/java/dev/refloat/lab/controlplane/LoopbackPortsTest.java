package dev.refloat.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {

  @Test
  void no_port_is_given_twice_and_none_that_Linux_gives_to_others() throws Exception {
    // By lines, which is in one go: this file has no second part.
    int firstOfLinux =
        Integer.parseInt(
            Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
                .getFirst()
                .split("\\s+", 2)[0]);

    List<Integer> ports = new ArrayList<>(LoopbackPorts.free(100));
    ports.addAll(LoopbackPorts.free(100));

    assertThat(ports)
        .doesNotHaveDuplicates()
        .allMatch(port -> port >= LoopbackPorts.LOWEST && port < firstOfLinux);
  }

  @Test
  void each_can_be_listened_on() throws Exception {
    for (int port : LoopbackPorts.free(20)) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(socket.getLocalPort()).isEqualTo(port);
      }
    }
  }
}
