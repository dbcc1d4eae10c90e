package dev.refloat.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What one run of a process is called in Leases, Events and its log: unlike all others, and after
 * its host, which is its pod.
 *
 * <p>As Kubernetes' own controllers are called in their Leases: <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/cmd/kube-controller-manager/app/controllermanager.go">controllermanager.go</a>.
 */
final class Instance {

  /** What Linux calls this machine, or this container. */
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  private Instance() {}

  /**
   * Returns another one with each call, such as {@code refloat-controller-7d4b9-x2x8q_0b0c...-...}:
   * 101 characters at most, and an Event takes 128.
   */
  static String newName() {
    return host() + "_" + UUID.randomUUID();
  }

  private static String host() {
    try {
      return Files.readString(HOSTNAME).strip();
    } catch (IOException _) {
      return "unknown";
    }
  }
}
