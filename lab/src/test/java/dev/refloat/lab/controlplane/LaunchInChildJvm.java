package dev.refloat.lab.controlplane;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.controlplane.ControlPlane.KeepLogs;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A launcher that can be killed: starts a control plane in the folder of its argument, says so, and
 * stays.
 */
final class LaunchInChildJvm {

  private LaunchInChildJvm() {}

  public static void main(String[] arguments) throws InterruptedException {
    LabSettings settings =
        new LabSettings(
            Path.of(arguments[0]),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "");
    OwnControlPlane controlPlane =
        OwnControlPlane.start(
            BinariesBuild.binaries(LabSettings.fromEnvironment(), Progress.toStandardError()),
            settings,
            KeepLogs.IF_IT_FAILED,
            Progress.toStandardError());
    System.out.println("ready " + controlPlane.url());
    System.out.println(controlPlane.awaitComplaint());
  }
}
