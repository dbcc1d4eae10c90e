package dev.refloat.lab.bench;

import dev.refloat.lab.LogTail;
import dev.refloat.lab.controlplane.OwnSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A running {@link Echo}, with the flags of a process that runs already. */
final class EchoProcess implements AutoCloseable {

  private static final int LINES_SHOWN = 20;

  private final Process process;
  private final int port;

  private EchoProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one and returns it when it serves. It ends with this process, however that ends.
   *
   * @param like whose flags it gets; but not its cache of classes, which are others here
   * @param certificate the folder of its certificate
   * @param log where standard error goes
   */
  static EchoProcess start(ProcessHandle like, Path certificate, Path log) {
    List<String> command = new ArrayList<>();
    command.add(like.info().command().orElseThrow(() -> unknown(like)));
    command.addAll(flags(like));
    // What a server says of itself goes to standard error, if anything.
    command.add("-Dlogback.configurationFile=dev/refloat/lab/logback.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Echo.class.getName(), certificate.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(OwnSession.wrap(command)).redirectError(log.toFile());
    // As bin/refloat-webhook has it.
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    try {
      Process process = builder.start();
      return new EchoProcess(process, port(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the floor", e);
    }
  }

  /** The JVM may say something of its own before. */
  private static int port(Process process, Path log) throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(Echo.SERVING)) {
        return Integer.parseInt(line.substring(Echo.SERVING.length()));
      }
    }
    throw new BenchFailed("the floor does not start:\n" + LogTail.of(log, LINES_SHOWN));
  }

  private static List<String> flags(ProcessHandle like) {
    return List.of(like.info().arguments().orElseThrow(() -> unknown(like))).stream()
        .takeWhile(Predicate.not("-cp"::equals))
        .toList();
  }

  private static BenchFailed unknown(ProcessHandle process) {
    return new BenchFailed("the system does not tell how process %d runs".formatted(process.pid()));
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
