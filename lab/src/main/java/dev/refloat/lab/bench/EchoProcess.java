package dev.refloat.lab.bench;

import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.controlplane.LogTail;
import dev.refloat.lab.controlplane.OwnSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A running {@link Echo}, with the flags of a process that runs already. */
final class EchoProcess implements AutoCloseable {

  private static final int LINES_SHOWN = 20;

  private final Process process;
  private final int port;
  private final Path folder;

  private EchoProcess(Process process, int port, Path folder) {
    this.process = process;
    this.port = port;
    this.folder = folder;
  }

  /**
   * Starts one and returns it when it serves.
   *
   * @param like whose flags it gets; but not its cache of classes, which are others here
   * @param serving the files of its certificate
   * @param log where standard error goes
   */
  static EchoProcess start(ProcessHandle like, Map<String, String> serving, Path log) {
    Path folder = PrivateFiles.temporaryFolder("refloat-echo");
    serving.forEach((name, content) -> PrivateFiles.write(folder.resolve(name), content));
    List<String> command = new ArrayList<>();
    command.add(like.info().command().orElseThrow(() -> unknown(like)));
    command.addAll(flags(like));
    // What a server says of itself goes to standard error, if anything.
    command.add("-Dlogback.configurationFile=dev/refloat/lab/logback.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Echo.class.getName(), folder.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(OwnSession.wrap(command)).redirectError(log.toFile());
    // As bin/refloat-webhook has it.
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    try {
      Process process = builder.start();
      // Whatever happens to this process, the floor must not outlive it.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
      String port = said.readLine();
      if (port == null) {
        throw new BenchFailed("the floor does not start:\n" + LogTail.of(log, LINES_SHOWN));
      }
      return new EchoProcess(process, Integer.parseInt(port), folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the floor", e);
    }
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
    PrivateFiles.remove(folder);
  }
}
