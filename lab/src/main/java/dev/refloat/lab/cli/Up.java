package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.LogTail;
import dev.refloat.lab.Progress;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.OwnSession;
import dev.refloat.lab.standing.StandingLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = "Starts a control plane that stays until \"down\", and leaves a kubeconfig.")
final class Up implements Callable<Integer> {

  private static final int START_SECONDS = 90;
  private static final int STOP_SECONDS = 30;
  private static final int LINES_SHOWN = 30;

  private final LabSettings settings;

  @Option(names = "--foreground", description = "Stay in the foreground; Ctrl-C stops it.")
  private boolean foreground;

  @Mixin private Nodes nodes = new Nodes();

  @Mixin private Refloat refloat = new Refloat();

  Up(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (settings.existingCluster().isPresent()) {
      System.err.printf(
          "%s names an existing cluster, so there is nothing to start: %s%n",
          LabSettings.KUBECONFIG, settings.existingCluster().get());
      return 2;
    }
    List<String> mistakes = refloat.mistakes();
    if (!mistakes.isEmpty()) {
      mistakes.forEach(System.err::println);
      return 2;
    }
    StandingLab lab = StandingLab.of(settings);
    if (lab.supervisor().isPresent()) {
      Words.printHowToUse(lab);
      return 0;
    }
    lab.forget();
    OwnControlPlane.prepare(settings, Progress.toStandardError(), nodes.tuning());
    // The supervisor is a process of its own in both cases, so that it is known by its arguments.
    Process supervisor = spawn(lab);
    Thread atExit = new Thread(() -> stop(supervisor), "stop-supervisor");
    Runtime.getRuntime().addShutdownHook(atExit);
    Await.seconds(START_SECONDS)
        .until(
            "the control plane is up (what it says is in %s)".formatted(lab.supervisorLog()),
            () -> lab.supervisor().isPresent() || !supervisor.isAlive());
    if (!supervisor.isAlive()) {
      System.err.println(LogTail.of(lab.supervisorLog(), LINES_SHOWN));
      return 1;
    }
    Words.printHowToUse(lab);
    if (foreground) {
      System.out.println("Ctrl-C stops it.");
      return supervisor.waitFor();
    }
    Runtime.getRuntime().removeShutdownHook(atExit);
    return 0;
  }

  /** Whoever pressed Ctrl-C gets the prompt back when everything has ended. */
  private static void stop(Process supervisor) {
    supervisor.destroy();
    try {
      supervisor.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process spawn(StandingLab lab) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=dev/refloat/lab/logback.xml",
                Lab.class.getName(),
                "supervise",
                lab.folder().toString()));
    command.addAll(nodes.arguments());
    command.addAll(refloat.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(OwnSession.wrap(command))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(lab.supervisorLog().toFile())
            .redirectErrorStream(true);
    // Not among the arguments: they are to be seen in full by whoever checks who this is.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }
}
