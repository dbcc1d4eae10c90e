package dev.refloat.lab.realnode;

import dev.refloat.lab.LogTail;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * One real node: a machine with a power switch, a cable and disks. What is said here is done when a
 * method returns; what Kubernetes makes of it takes its time. Safe for use by several threads.
 */
public final class RealNode implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;
  private static final int LINES_SHOWN = 8;
  private static final String DONE = "ok";

  private final String name;
  private final Network.Place place;
  private final Path logs;
  private final Process machine;
  private final Site.Launcher launcher;
  private final BufferedReader answers;
  private final Writer commands;
  private final ReentrantLock oneOrderAtATime = new ReentrantLock();
  private volatile boolean closed;

  /** A machine that is switched off. */
  RealNode(String name, Network.Place place, Path logs, Process machine, Site.Launcher launcher) {
    this.name = name;
    this.place = place;
    this.logs = logs;
    this.machine = machine;
    this.launcher = launcher;
    this.answers = machine.inputReader(StandardCharsets.UTF_8);
    this.commands = machine.outputWriter(StandardCharsets.UTF_8);
  }

  /** Waits until the machine is there, switched off. */
  void awaitAssembled() {
    awaitDone("assemble");
  }

  /** A program of a node that can crash. */
  public enum Part {
    KUBELET("kubelet"),
    CONTAINERD("containerd"),
    KUBE_PROXY("kube-proxy");

    private final String word;

    Part(String word) {
      this.word = word;
    }
  }

  /** Returns the node's name in the cluster. */
  public String name() {
    return name;
  }

  /** Returns the address of the node. */
  public String address() {
    return place.address();
  }

  Network.Place place() {
    return place;
  }

  /**
   * The machine is switched on; its kubelet registers it. Returns when that has started.
   *
   * @throws RealNodeFailed if it does not get so far
   */
  public void powerOn() {
    order("power on");
  }

  /**
   * The power fails: all that runs there is gone within the instant, and nobody answers at its
   * address. Its disks keep what they have.
   */
  public void powerOff() {
    order("power off");
  }

  /** The machine is switched off, and its disks are changed for empty ones. */
  public void powerOffAndChangeDisks() {
    order("power off");
    order("change disks");
  }

  /** Nothing reaches the node any more, and it reaches nobody; all goes on there. */
  public void cutOff() {
    order("pull the cable");
  }

  /** The node is reached again. */
  public void reconnect() {
    order("put the cable back");
  }

  /** A program of the node crashes, and stays so. */
  public void crash(Part part) {
    order("kill " + part.word);
  }

  /** A crashed program of the node is started. */
  public void start(Part part) {
    order("start " + part.word);
  }

  /**
   * Images that were added since it was switched on are imported. A node that is off does so when
   * it is switched on.
   */
  void importImages() {
    order("import images");
  }

  /** Something fills the disk that holds the pods' data, to the last byte. */
  public void fillDisk() {
    order("fill the disk");
  }

  /** What {@link #fillDisk} wrote is gone. */
  public void makeRoom() {
    order("make room");
  }

  /**
   * Returns the disk that holds the pods' data as a folder of this machine, whether the node is on
   * or off. On the node it is {@link RealNodes#DISKS}.
   */
  public Path disk() {
    return Path.of("/proc/" + machine.pid() + "/root" + RealNodes.DISKS);
  }

  private RealNodeFailed failed(String command, String answer) {
    launcher.failed();
    String tails =
        List.of("machine", "node", "containerd", "kubelet", "kube-proxy").stream()
            .map(part -> logs.resolve("%s.%s.log".formatted(name, part)))
            .filter(log -> log.toFile().length() > 0)
            .map(log -> "%s:%n%s".formatted(log.getFileName(), LogTail.of(log, LINES_SHOWN)))
            .collect(Collectors.joining("\n"));
    return new RealNodeFailed(
        "node %s, told to %s: %s%n%s".formatted(name, command, answer, tails));
  }

  private void order(String command) {
    oneOrderAtATime.lock();
    try {
      if (closed) {
        throw new IllegalStateException("node %s is gone: %s".formatted(name, command));
      }
      commands.write(command);
      commands.write('\n');
      commands.flush();
      awaitDone(command);
    } catch (IOException e) {
      throw failed(command, "it does not listen: " + e.getMessage());
    } finally {
      oneOrderAtATime.unlock();
    }
  }

  private void awaitDone(String command) {
    String answer = answer().orElse("its machine has ended");
    if (!answer.equals(DONE)) {
      throw failed(command, answer);
    }
  }

  /** Returns the next line; empty at the end of all lines. */
  private Optional<String> answer() {
    CompletableFuture<Optional<String>> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Optional.ofNullable(answers.readLine());
              } catch (IOException e) {
                return Optional.of("failed: " + e.getMessage());
              }
            },
            task -> Thread.ofVirtual().start(task));
    try {
      return line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return Optional.of("failed: no answer within %d s".formatted(PATIENCE_SECONDS));
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading a line does not throw", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("failed: interrupted");
    }
  }

  /**
   * Switches the machine off, and takes it away with its disks. One that is busy with an order is
   * killed, and leaves the rest to {@link Remnants}.
   */
  @Override
  public void close() {
    boolean idle = oneOrderAtATime.tryLock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      launcher.released(machine);
      if (idle) {
        commands.close(); // at the end of its input the machine switches itself off
        machine.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
      }
    } catch (IOException | CompletionException e) {
      // It has ended already, or it never will by itself.
    } finally {
      machine.destroyForcibly().onExit().join();
      if (idle) {
        oneOrderAtATime.unlock();
      }
    }
  }
}
