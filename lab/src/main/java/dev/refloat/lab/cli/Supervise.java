package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.standing.NodeOrders;
import dev.refloat.lab.standing.StandingLab;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import dev.refloat.lab.world.WorldNames;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The process that owns the components of a lab that stays. Ends, and ends them, on SIGTERM or when
 * one of them ends.
 */
@Command(name = "supervise", hidden = true)
final class Supervise implements Callable<Integer> {

  private static final String NAMESPACE = "localstorage-poc";
  private static final String CLASS = "local-storage";

  private final LabSettings settings;

  /** Only there to be seen among this process's arguments, see ProcessIdentity. */
  @Parameters private String folder = "";

  @Mixin private Nodes nodes = new Nodes();

  @Mixin private Refloat refloat = new Refloat();

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
    try (OwnControlPlane controlPlane =
        OwnControlPlane.start(settings, Progress.toStandardError(), nodes.tuning())) {
      Runtime.getRuntime().addShutdownHook(new Thread(lab::forget, "forget-lab"));
      if (nodes.areWanted()) {
        furnish(lab, World.create(controlPlane, WorldNames.plain(NAMESPACE)));
      }
      if (refloat.isWanted()) {
        install(controlPlane);
      }
      lab.announce(controlPlane, refloat.isWanted());
      System.err.println(controlPlane.awaitComplaint());
      return 1;
    }
  }

  /**
   * The namespace and the class of the samples in manifests/samples, so that these can be applied.
   */
  private void furnish(StandingLab lab, World world) {
    world.add(nodes.all()).add(new LabStorageClass.Dynamic(CLASS, ReclaimPolicy.DELETE));
    if (nodes.areRealOnes()) {
      NodeOrders orders = NodeOrders.take(lab.orders(), world);
      Runtime.getRuntime().addShutdownHook(new Thread(orders::close, "take-no-more-orders"));
    }
  }

  private void install(OwnControlPlane controlPlane) {
    Installation installation =
        Installation.on(controlPlane, controlPlane.logs())
            .configured(refloat.settings(Map.of("REFLOAT_LOCAL_PROVISIONERS", World.PROVISIONER)));
    for (RefloatProcess process :
        List.of(
            installation.webhook("refloat-webhook", Map.of()),
            installation.controller("refloat-controller", Map.of()))) {
      var _ =
          process
              .handle()
              .onExit()
              .thenRun(() -> System.err.println("has ended; its log: " + process.logFile()));
    }
  }
}
