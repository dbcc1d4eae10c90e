package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.await.Await;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "down",
    description = "Stops the control plane that \"up\" has started, and nothing else.")
final class Down implements Callable<Integer> {

  private static final int STOP_SECONDS = 30;

  private final LabSettings settings;

  Down(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() {
    StandingLab lab = StandingLab.of(settings);
    Optional<ProcessHandle> supervisor = lab.supervisor();
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
            () -> lab.supervisor().isEmpty());
    lab.forget();
    System.out.println("The lab is down.");
    return 0;
  }
}
