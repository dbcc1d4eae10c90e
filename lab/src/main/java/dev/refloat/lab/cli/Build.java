package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.Binaries;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.binaries.Program;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "build", description = "Builds the lab's programs if they are missing.")
final class Build implements Runnable {

  private final LabSettings settings;

  @Option(
      names = "--real-nodes",
      description = "Build what real nodes need as well: kubelet, kube-proxy, CoreDNS.")
  private boolean realNodes;

  @Option(names = "--database", description = "Build the database of the demo as well: NATS.")
  private boolean database;

  @Option(
      names = "--tools",
      description = "Build what tests install and watch with: Helm, Prometheus.")
  private boolean tools;

  Build(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public void run() {
    Set<Program> programs = EnumSet.copyOf(Program.OF_THE_CONTROL_PLANE);
    if (realNodes) {
      programs.addAll(Program.OF_REAL_NODES);
    }
    if (database) {
      programs.addAll(Program.DATABASES);
    }
    if (tools) {
      programs.addAll(Program.TOOLS);
    }
    Binaries binaries =
        BinariesBuild.binaries(settings, Progress.toStandardError(), Set.copyOf(programs));
    for (Program program : EnumSet.copyOf(binaries.paths().keySet())) {
      System.out.println(binaries.of(program));
    }
  }
}
