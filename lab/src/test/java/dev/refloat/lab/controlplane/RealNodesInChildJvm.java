package dev.refloat.lab.controlplane;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.controlplane.ControlPlane.KeepLogs;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import java.util.Map;
import java.util.TreeMap;

/**
 * A launcher that can be killed at any moment: starts a control plane in the folder of its
 * argument, with two real nodes that pods run on, and switches one off and on for as long as it
 * lives.
 */
final class RealNodesInChildJvm {

  private RealNodesInChildJvm() {}

  public static void main(String[] arguments) {
    Map<String, String> environment = new TreeMap<>(System.getenv());
    environment.put("XDG_CACHE_HOME", arguments[0]);
    try (OwnControlPlane controlPlane =
            OwnControlPlane.start(
                BinariesBuild.binaries(
                    LabSettings.fromEnvironment(),
                    Progress.toStandardError(),
                    Program.WITH_REAL_NODES),
                LabSettings.from(environment),
                KeepLogs.IF_IT_FAILED,
                Progress.toStandardError(),
                Tuning.REAL_NODES);
        World world = World.create(controlPlane, "killed")) {
      world
          .add(LabNode.named("a").real(), LabNode.named("b").real())
          .add(new LabStorageClass.Dynamic("fast", ReclaimPolicy.DELETE))
          .add(LabStatefulSet.named("db").replicas(2).parallel().claim("data", "fast"));
      world.awaitReady("db-0");
      world.awaitReady("db-1");
      while (true) {
        world.powerFails("a");
        world.nodeReturns("a");
      }
    }
  }
}
