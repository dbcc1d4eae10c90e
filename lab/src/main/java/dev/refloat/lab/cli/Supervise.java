package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.controlplane.OwnControlPlane;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The process that owns the components of a lab that stays. Ends, and ends them, on SIGTERM or when
 * one of them ends.
 */
@Command(name = "supervise", hidden = true)
final class Supervise implements Callable<Integer> {

  private final LabSettings settings;

  /** Only there to be seen among this process's arguments, see ProcessIdentity. */
  @Parameters private String folder = "";

  Supervise(LabSettings settings) {
    this.settings = settings;
  }

  /** Returns 1 once a component has ended; never returns if all goes well. */
  @Override
  public Integer call() throws InterruptedException {
    StandingLab lab = StandingLab.of(settings);
    if (!folder.equals(lab.folder().toString())) {
      throw new IllegalArgumentException(
          "told to use %s; the settings say %s".formatted(folder, lab.folder()));
    }
    try (ControlPlane controlPlane = ControlPlane.start(settings, Progress.toStandardError())) {
      if (!(controlPlane instanceof OwnControlPlane own)) {
        throw new IllegalStateException("only a control plane of our own can stay");
      }
      Runtime.getRuntime().addShutdownHook(new Thread(lab::forget, "forget-lab"));
      lab.announce(own);
      System.err.println(own.awaitComplaint());
      return 1;
    }
  }
}
