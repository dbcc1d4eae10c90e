package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.standing.StandingLab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(
    name = "kubectl",
    description = "Runs kubectl with all rights on the control plane that is up.")
final class Kubectl implements Callable<Integer> {

  private final LabSettings settings;

  @Unmatched private List<String> arguments = new ArrayList<>();

  Kubectl(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    StandingLab lab = StandingLab.of(settings);
    if (lab.supervisor().isEmpty()) {
      System.err.println("The lab is not up. Start it: lab/lab up");
      return StandingLab.NOT_UP;
    }
    List<String> command = new ArrayList<>();
    command.add(lab.note().orElseThrow().kubectl());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("KUBECONFIG", lab.kubeconfig().toString());
    return builder.start().waitFor();
  }
}
