package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.ProcessIdentity;
import dev.refloat.lab.standing.StandingLab;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "down",
    description = "Stops the control plane that \"up\" has started, and nothing else.")
final class Down implements Callable<Integer> {

  private static final int STOP_SECONDS = 60;

  private final LabSettings settings;

  Down(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() {
    StandingLab lab = StandingLab.of(settings);
    // Who it is is told by a note, which it takes away before it has ended.
    Optional<ProcessIdentity> identity = lab.identity();
    Optional<ProcessHandle> supervisor = identity.flatMap(ProcessIdentity::alive);
    if (supervisor.isEmpty()) {
      lab.forget();
      System.out.println("The lab is not up.");
      return 0;
    }
    supervisor.get().destroy();
    Await.seconds(STOP_SECONDS)
        .until(
            "process %d has ended (what it says is in %s)"
                .formatted(supervisor.get().pid(), lab.supervisorLog()),
            () -> identity.flatMap(ProcessIdentity::alive).isEmpty());
    lab.forget();
    System.out.println("The lab is down.");
    return 0;
  }
}
