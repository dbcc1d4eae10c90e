package dev.refloat.lab.realnode;

import dev.refloat.lab.binaries.Binaries;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The run that real nodes belong to.
 *
 * @param run its identity
 * @param folder its folder
 * @param logs where the nodes' logs go
 * @param ca the certificate that everybody trusts
 * @param kubeconfigs who makes the nodes' credentials
 * @param binaries with {@link dev.refloat.lab.binaries.Program#OF_REAL_NODES}
 * @param launcher who starts the machines
 */
public record Site(
    RunIdentity run,
    Path folder,
    Path logs,
    Path ca,
    Kubeconfigs kubeconfigs,
    Binaries binaries,
    Launcher launcher) {

  /** Makes credentials. */
  @FunctionalInterface
  public interface Kubeconfigs {
    /** Returns a kubeconfig of a client that the API server knows by that name and group. */
    String of(String user, Optional<String> group);
  }

  /** Starts the processes of machines so that they end with whoever started the run. */
  public interface Launcher {
    /**
     * Starts a process whose input and output are pipes to us, and whose errors go to a log.
     *
     * @param executable what it is once it has become {@code command}
     */
    Process launch(String name, Path executable, List<String> command);

    /** It is meant to have ended. */
    void released(Process process);

    /** A machine has not done what it was told: somebody will want to read its logs. */
    void failed();
  }
}
