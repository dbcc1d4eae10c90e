package dev.refloat.lab.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Free ports on loopback, for components that have to be told theirs before they listen.
 *
 * <p>They are below those that Linux gives to whoever asks for any, connections to elsewhere among
 * them, so that nobody is given one between now and then: {@code ip_local_port_range} of <a
 * href="https://docs.kernel.org/networking/ip-sysctl.html">ip-sysctl</a> begins at 32768. Those of
 * Services of type NodePort, from 30000, are left out as well.
 */
final class LoopbackPorts {

  static final int LOWEST = 10_000;
  static final int BEYOND = 30_000;

  private static final int MOST_TRIES = 1000;

  private static final Random RANDOM = new Random();
  private static final Set<Integer> GIVEN = new HashSet<>();

  private LoopbackPorts() {}

  /**
   * Returns {@code count} different ports that are free, and that this process has given to nobody
   * before. Another process may take one before its component does; that component then ends, and
   * its log, which is shown, says so.
   */
  static synchronized List<Integer> free(int count) {
    List<Integer> ports = new ArrayList<>();
    for (int tries = 0; ports.size() < count; tries++) {
      if (tries == MOST_TRIES) {
        throw new IllegalStateException(
            "no %d free ports on loopback between %d and %d".formatted(count, LOWEST, BEYOND));
      }
      int port = RANDOM.nextInt(LOWEST, BEYOND);
      if (isFree(port) && GIVEN.add(port)) {
        ports.add(port);
      }
    }
    return List.copyOf(ports);
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (BindException _) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on loopback", e);
    }
  }
}
