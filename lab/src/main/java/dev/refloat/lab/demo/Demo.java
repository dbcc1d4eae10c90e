package dev.refloat.lab.demo;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.lab.recorder.Recorder;
import dev.refloat.lab.world.World;
import dev.refloat.lab.world.WorldNames;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays the story on a control plane of its own. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Loses a node of a real Kubernetes control plane on this machine, first without Refloat, then with it.",
      "Exit status 0 only if the API server says at the end that everything happened as told."
    })
public final class Demo implements Callable<Integer> {

  private static final String NAMESPACE = "localstorage-poc";

  private final LabSettings settings;

  @Option(names = "--keep", description = "Leave everything running afterwards, until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--database",
      description =
          "Lose a machine of a real database instead, on real nodes, while a client writes and reads; needs root.")
  private boolean database;

  /** Constructed by the command line. */
  public Demo(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (settings.existingCluster().isPresent()) {
      System.err.printf(
          "The demo loses nodes, so it plays on a control plane of its own only; unset %s (it is %s).%n",
          LabSettings.KUBECONFIG, settings.existingCluster().get());
      return 2;
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Instant start = Instant.now();
    Teller teller = new Teller(out, start);
    Path logs = Files.createDirectories(RefloatProgram.root().resolve("lab/target/demo-logs"));
    try (ControlPlane controlPlane = start()) {
      teller.at(Instant.now(), "A Kubernetes control plane is ready: " + controlPlane.url());
      Installation installation = Installation.on(controlPlane, logs);
      try (World world = World.create(controlPlane, WorldNames.plain(NAMESPACE));
          Recorder recorder = Recorder.of(controlPlane.client(), world)) {
        Stage stage = new Stage(controlPlane.client(), installation, world, recorder, teller);
        Play play = database ? new DatabaseStory(stage) : new Story(stage);
        List<String> broken = play.perform();
        out.println();
        out.println(
            "Logs of webhook and controller: " + RefloatProgram.root().relativize(logs) + "/");
        out.println(
            broken.isEmpty()
                ? "Everything happened as told."
                : "NOT everything happened as told: " + String.join("; ", broken));
        if (keep) {
          stay(out, controlPlane, play.toTry());
        }
        return broken.isEmpty() ? 0 : 1;
      }
    }
  }

  private ControlPlane start() {
    return database
        ? OwnControlPlane.start(
            settings, Progress.toStandardError(), Tuning.REAL_NODES.images(Program.DATABASES))
        : ControlPlane.start(settings, Progress.toStandardError());
  }

  private static void stay(PrintStream out, ControlPlane controlPlane, List<String> toTry)
      throws InterruptedException {
    out.println();
    out.println("Everything is left running; Ctrl-C ends it. Things to try in another terminal:");
    out.println("  export KUBECONFIG=" + controlPlane.adminKubeconfig());
    out.println("  alias k='" + controlPlane.kubectl() + " -n " + NAMESPACE + "'");
    out.println("  k get pods,pvc -o wide");
    out.println("  k get pv");
    toTry.forEach(line -> out.println("  " + line));
    new CountDownLatch(1).await();
  }
}
