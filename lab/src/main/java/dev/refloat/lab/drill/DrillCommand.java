package dev.refloat.lab.drill;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.drill.report.Report;
import dev.refloat.lab.drill.run.Narrator;
import dev.refloat.lab.drill.run.Outcome;
import dev.refloat.lab.drill.run.Summary;
import dev.refloat.lab.drill.run.Summary.Enough;
import dev.refloat.settings.Durations;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a drill on a cluster. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    customSynopsis =
        "refloat-drill DRILL (--app NAME... | --all-apps) [options]%n       (the same: lab/lab drill ...)",
    sortOptions = false,
    description = {
      "Does to a StatefulSet what happens to one some day, and checks what becomes of it. On any cluster;"
          + " what it changes it undoes, also on Ctrl-C.",
      ""
    },
    footer = {
      "",
      "Drills:",
      "  persistence   a pod is deleted by force: same node, same volume, same data",
      "  scaling       scaled to 0 and back: the claim stays, same node, same data",
      "  node-failure  the pod's node fails: seen, afloat elsewhere, nothing else hurt",
      "  operator      decoys Pending for other reasons are left alone, others not",
      "  affinity      only looks: where the pods could go, is the opt-in effective?",
      "",
      "Exit status: 0 all passed (of --times runs more than 95 %%),",
      "1 something failed, 2 nothing was done."
    })
public final class DrillCommand implements Callable<Integer> {

  private static final int REFUSED = 2;
  private static final String DRILLS = "persistence, scaling, node-failure, operator or affinity";

  private final LabSettings settings;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "DRILL", description = "Which one; see below.")
  private String drill = "";

  @Option(
      names = "--app",
      paramLabel = "NAME",
      description = "A StatefulSet to drill on; can be given several times.")
  private List<String> apps = new ArrayList<>();

  @Option(
      names = "--all-apps",
      description = "Every StatefulSet of the namespace that has claim templates.")
  private boolean allApps;

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "localstorage-poc",
      description = "Where the apps are; default: ${DEFAULT-VALUE}.")
  private String namespace = "";

  @Option(
      names = "--times",
      paramLabel = "N",
      description = "N runs, each on one of the apps by chance.")
  private Optional<Integer> times = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "What chance begins with, to run the same once more.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--by",
      paramLabel = "HOW",
      defaultValue = "cordon",
      description =
          "node-failure: cordon (default) or taint; in the lab also power-off, with --delete-node for good.")
  private String by = "";

  @Option(
      names = "--delete-node",
      description = "node-failure: by deleting the Node object, which is made again afterwards.")
  private boolean deleteNode;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "The longest wait for one thing, such as 90s or 5m; default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write a page with pictures to FILE, and the same as JSON beside it (FILE with .json at its end).")
  private Optional<Path> report = Optional.empty();

  @Option(names = "--plan", description = "Say what would be done, and do nothing.")
  private boolean plan;

  @Option(
      names = "--yes",
      description = "It is meant, although the context looks like production, or data is lost.")
  private boolean yes;

  @Option(names = "--context", paramLabel = "NAME", description = "The kubeconfig's context.")
  private Optional<String> context = Optional.empty();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Default: $KUBECONFIG, else ~/.kube/config.")
  private Optional<Path> kubeconfig = Optional.empty();

  @Option(names = "--verbose", description = "Say what is waited for, too, and all in full.")
  private boolean verbose;

  /** Constructed by the command line. */
  public DrillCommand(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (KubernetesClient client = client()) {
      return run(client, out);
    } catch (DrillRefused | KubernetesClientException e) {
      spec.commandLine().getErr().println("Not done: " + e.getMessage());
      return REFUSED;
    }
  }

  private int run(KubernetesClient client, PrintWriter out) {
    Drill played = played(client);
    String contextName = contextName(client);
    List<App> chosen = chosen(client);
    Schedule schedule =
        times
            .map(this::atLeastOne)
            .map(n -> Schedule.byChance(chosen, n, seed.orElseGet(this::anySeed)))
            .orElseGet(() -> Schedule.once(chosen));
    if (plan) {
      tellPlan(out, played, schedule);
      return 0;
    }
    if (played.changesSomething()) {
      Safe.isNoProduction(contextName, yes);
    }
    report.ifPresent(DrillCommand::refuseIfNotWritable);
    chosen.forEach(played::refuseIfUnsafe);
    played.refuseIfTooOften(schedule.runs());
    out.printf("%s in context %s%n", schedule.words(), contextName);
    List<Outcome> outcomes =
        new Runner(played, new Narrator(out, verbose), InstantSource.system(), patience())
            .playAll(schedule.runs());
    Summary summary =
        new Summary(outcomes, times.isPresent() ? Enough.MORE_THAN_95_PERCENT : Enough.ALL);
    summary.tell(out);
    report.ifPresent(
        file -> {
          new Report(schedule.words(), contextName, namespace, summary).write(file);
          out.printf("  Report: %s, and as JSON %s%n", file, Report.jsonOf(file));
        });
    return summary.passed() ? 0 : 1;
  }

  private static void refuseIfNotWritable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(file)) {
      throw new DrillRefused(
          "--report is %s; expected a file in a folder that can be written to".formatted(file));
    }
  }

  private int atLeastOne(int n) {
    if (n < 1) {
      throw new DrillRefused("--times is %d; expected 1 or more".formatted(n));
    }
    return n;
  }

  private long anySeed() {
    return new Random().nextLong(1_000_000);
  }

  private Drill played(KubernetesClient client) {
    return switch (drill) {
      case "persistence" -> new Persistence(patience());
      case "scaling" -> new Scaling(patience());
      case "node-failure" -> new NodeFailure(failure(client), Known.of(client), patience(), yes);
      case "operator" -> new Operator(Known.of(client), patience());
      case "affinity" -> new Affinity(Known.of(client));
      default -> throw new DrillRefused("\"%s\" is no drill; expected %s".formatted(drill, DRILLS));
    };
  }

  private Failure failure(KubernetesClient client) {
    return switch (by) {
      case "power-off" -> new Failure.PowerOff(LabPower.of(settings, client), deleteNode);
      case "cordon" -> deleteNode ? new Failure.DeleteNode() : new Failure.Cordon();
      case "taint" -> {
        if (deleteNode) {
          throw new DrillRefused("either --by taint or --delete-node, not both");
        }
        yield new Failure.Taint();
      }
      default ->
          throw new DrillRefused(
              "--by is \"%s\"; expected cordon, taint or power-off".formatted(by));
    };
  }

  private List<App> chosen(KubernetesClient client) {
    if (allApps != apps.isEmpty()) {
      throw new DrillRefused("expected either --all-apps or --app NAME, once or more");
    }
    List<StatefulSet> there = client.apps().statefulSets().inNamespace(namespace).list().getItems();
    List<String> names = there.stream().map(set -> set.getMetadata().getName()).sorted().toList();
    List<String> wanted =
        allApps
            ? there.stream()
                .filter(set -> !set.getSpec().getVolumeClaimTemplates().isEmpty())
                .map(set -> set.getMetadata().getName())
                .sorted()
                .toList()
            : apps.stream().distinct().toList();
    wanted.stream()
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new DrillRefused(
                  "there is no StatefulSet %s in namespace %s; there are: %s"
                      .formatted(
                          name, namespace, names.isEmpty() ? "none" : String.join(", ", names)));
            });
    if (wanted.isEmpty()) {
      throw new DrillRefused(
          "no StatefulSet with claim templates in namespace %s; the samples: kubectl apply -k manifests/samples"
              .formatted(namespace));
    }
    return wanted.stream().map(name -> new App(client, namespace, name)).toList();
  }

  private static void tellPlan(PrintWriter out, Drill played, Schedule schedule) {
    out.println(schedule.words());
    schedule.runs().stream().distinct().forEach(app -> tellPlan(out, played, app));
    tellRefusal(out, () -> played.refuseIfTooOften(schedule.runs()));
  }

  private static void tellPlan(PrintWriter out, Drill played, App app) {
    out.printf("%n%s on %s would%n", played.name(), app.name());
    played.plan(app).forEach(step -> out.printf("  - %s%n", step));
    tellRefusal(out, () -> played.refuseIfUnsafe(app));
  }

  private static void tellRefusal(PrintWriter out, Runnable check) {
    try {
      check.run();
    } catch (DrillRefused e) {
      out.printf("  but it would refuse to start: %s%n", e.getMessage());
    }
  }

  private Duration patience() {
    return Durations.parse(timeout)
        .filter(Duration::isPositive)
        .orElseThrow(
            () ->
                new DrillRefused(
                    "--timeout is \"%s\"; expected a duration such as 90s or 5m"
                        .formatted(timeout)));
  }

  private KubernetesClient client() {
    Path file =
        kubeconfig
            .or(
                () ->
                    Optional.ofNullable(System.getenv("KUBECONFIG"))
                        .filter(value -> !value.isBlank())
                        .map(Path::of))
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".kube", "config"));
    if (!Files.isReadable(file)) {
      throw new DrillRefused(
          "the kubeconfig %s cannot be read; name one with --kubeconfig or KUBECONFIG"
              .formatted(file));
    }
    Config config =
        context
            .map(name -> Config.fromKubeconfig(name, file.toFile()))
            .orElseGet(() -> Config.fromKubeconfig(file.toFile()));
    refuseIfItIsAnother(config);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The client takes the current context where there is none of that name. */
  private void refuseIfItIsAnother(Config config) {
    List<String> contexts = config.getContexts().stream().map(NamedContext::getName).toList();
    Optional<String> found =
        Optional.ofNullable(config.getCurrentContext()).map(NamedContext::getName);
    if (found.isEmpty() || !context.orElse(found.get()).equals(found.get())) {
      throw new DrillRefused(
          "there is no context %s in the kubeconfig; there are: %s"
              .formatted(
                  context.map("\"%s\""::formatted).orElse("chosen"),
                  contexts.isEmpty() ? "none" : String.join(", ", contexts)));
    }
  }

  private static String contextName(KubernetesClient client) {
    return Optional.ofNullable(client.getConfiguration().getCurrentContext())
        .map(NamedContext::getName)
        .orElse("(none)");
  }
}
