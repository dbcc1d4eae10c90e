package dev.refloat.lab.bench;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures, on a control plane of its own, and prints a table. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how fast Refloat is and what it costs, beside a bare client that already knows what to do,"
          + " on a control plane of its own. An hour; close other programs.",
      "The table goes to standard output as Markdown, progress to standard error."
    })
public final class Bench implements Callable<Integer> {

  private final LabSettings settings;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      description = "What to measure: ${COMPLETION-CANDIDATES}. All of it if nothing is named.")
  private List<Benchmark> benchmarks = new ArrayList<>();

  @Option(names = "--quick", description = "Small sizes, to try it: 4 min, figures not to believe.")
  private boolean quick;

  @Option(names = "--rounds", description = "single: how many recoveries of each side (50).")
  private Optional<Integer> rounds = Optional.empty();

  @Option(names = "--sets", description = "storm: how many StatefulSets (1000).")
  private Optional<Integer> sets = Optional.empty();

  @Option(names = "--storms", description = "storm: how many storms of each side (2).")
  private Optional<Integer> storms = Optional.empty();

  @Option(
      names = "--pods",
      split = ",",
      description = "idle: numbers of pods, growing; the first is the floor (0,1000,10000).")
  private List<Integer> pods = new ArrayList<>();

  @Option(names = "--windows", description = "idle: how many times each is measured (4).")
  private Optional<Integer> windows = Optional.empty();

  @Option(names = "--window", description = "idle: for how many seconds each time (30).")
  private Optional<Integer> window = Optional.empty();

  @Option(
      names = "--connections",
      split = ",",
      description = "admission: numbers of connections (1,16,64).")
  private List<Integer> connections = new ArrayList<>();

  @Option(
      names = "--turns",
      description = "admission: how many times, 10 s each, over each number of them (3).")
  private Optional<Integer> turns = Optional.empty();

  @Option(
      names = "--creations",
      description =
          "creation: how many pods that opted in, and as many others, each with and without the webhook (10000).")
  private Optional<Integer> creations = Optional.empty();

  @Option(
      names = "--profile",
      description =
          "The processes record themselves into lab/target/bench-logs/*.jfr; disturbs the figures.")
  private boolean profile;

  /** Constructed by the command line. */
  public Bench(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (settings.existingCluster().isPresent()) {
      System.err.printf(
          "The benchmark loses nodes, so it needs a control plane of its own; unset %s (it is %s).%n",
          LabSettings.KUBECONFIG, settings.existingCluster().get());
      return 2;
    }
    Sizes sizes = sizes();
    List<Benchmark> wanted = benchmarks.isEmpty() ? List.of(Benchmark.values()) : benchmarks;
    Findings findings = Findings.NONE;
    Machine machine;
    try (Ground ground = Ground.open(settings, profile, Progress.toStandardError())) {
      machine = Machine.here(ground.client());
      for (Benchmark benchmark : wanted) {
        findings = findings.and(benchmark.run(ground, sizes));
      }
    }
    new PrintStream(System.out, true, StandardCharsets.UTF_8)
        .println(new Report(machine, findings).markdown());
    return 0;
  }

  private Sizes sizes() {
    Sizes usual = quick ? Sizes.QUICK : Sizes.FULL;
    try {
      return new Sizes(
          rounds.orElse(usual.rounds()),
          sets.orElse(usual.sets()),
          storms.orElse(usual.storms()),
          pods.isEmpty() ? usual.pods() : pods,
          windows.orElse(usual.windows()),
          window.map(Duration::ofSeconds).orElse(usual.window()),
          new Sizes.OfAdmission(
              connections.isEmpty() ? usual.admission().connections() : connections,
              turns.orElse(usual.admission().turns()),
              usual.admission().turn()),
          creations.orElse(usual.creations()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
