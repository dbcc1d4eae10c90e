package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.await.AwaitFailed;
import dev.refloat.lab.bench.Bench;
import dev.refloat.lab.bench.BenchFailed;
import dev.refloat.lab.binaries.BinariesUnavailable;
import dev.refloat.lab.controlplane.ControlPlaneFailed;
import dev.refloat.lab.demo.Demo;
import dev.refloat.lab.drill.DrillCommand;
import dev.refloat.lab.process.RefloatProcessFailed;
import dev.refloat.lab.realnode.RealNodeFailed;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The lab for a person: a real Kubernetes control plane on this machine. */
@Command(
    name = "lab",
    description = "A real Kubernetes control plane on this machine, with fake and real nodes.",
    synopsisSubcommandLabel =
        "(up | down | status | node | kubectl | build | demo | bench | drill)",
    mixinStandardHelpOptions = true,
    version = "refloat-lab 0.1.0",
    subcommands = {
      Up.class,
      Down.class,
      Status.class,
      NodeCommand.class,
      Kubectl.class,
      Build.class,
      Demo.class,
      Bench.class,
      DrillCommand.class,
      Supervise.class
    })
public final class Lab {

  /** Runs the command that {@code arguments} name. */
  public static void main(String[] arguments) {
    System.exit(run(LabSettings.fromEnvironment(), arguments));
  }

  /**
   * Returns the exit status of the command that {@code arguments} name: 0 good, 1 failed, 2 wrong
   * usage or nothing to build with.
   */
  static int run(LabSettings settings, String... arguments) {
    CommandLine commands = new CommandLine(new Lab(), new Commands(settings));
    commands.setExpandAtFiles(false); // kubectl's arguments are its own
    commands.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    commands.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    commands.setExecutionExceptionHandler(
        (failure, command, _) -> {
          command.getErr().println(failure.getMessage());
          return switch (failure) {
            case BinariesUnavailable _ -> 2;
            case ControlPlaneFailed _,
                AwaitFailed _,
                RefloatProcessFailed _,
                RealNodeFailed _,
                BenchFailed _ ->
                1;
            default -> throw failure;
          };
        });
    return commands.execute(arguments);
  }

  /** Gives each command the settings. */
  private record Commands(LabSettings settings) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        return type.getDeclaredConstructor(LabSettings.class).newInstance(settings);
      } catch (NoSuchMethodException e) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }
}
