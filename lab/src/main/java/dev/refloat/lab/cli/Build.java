package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.Binaries;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.binaries.Program;
import picocli.CommandLine.Command;

@Command(
    name = "build",
    description = "Builds the programs of the control plane if they are missing.")
final class Build implements Runnable {

  private final LabSettings settings;

  Build(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public void run() {
    Binaries binaries = BinariesBuild.binaries(settings, Progress.toStandardError());
    for (Program program : Program.values()) {
      System.out.println(binaries.of(program));
    }
  }
}
