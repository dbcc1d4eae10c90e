package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.standing.StandingLab;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = "Says what runs, on which ports, since when, and where its logs are.")
final class Status implements Callable<Integer> {

  private final LabSettings settings;

  Status(LabSettings settings) {
    this.settings = settings;
  }

  /** Returns 0 if the lab is up, 3 if not, as service managers do. */
  @Override
  public Integer call() {
    StandingLab lab = StandingLab.of(settings);
    if (lab.supervisor().isEmpty()) {
      System.out.println("The lab is not up. Start it: lab/lab up");
      return StandingLab.NOT_UP;
    }
    StandingLab.Note note = lab.note().orElseThrow();
    System.out.printf(
        "The lab is up for %s: %s (process %d)%n",
        Words.age(note.since(), Instant.now()), note.url(), note.pid());
    note.ports().forEach((program, port) -> System.out.printf("  %-24s port %d%n", program, port));
    System.out.printf("Kubeconfig: %s%nLogs:       %s%n", lab.kubeconfig(), note.logs());
    return 0;
  }
}
