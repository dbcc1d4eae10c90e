package dev.refloat.controller;

import dev.refloat.kube.Excerpts;
import dev.refloat.process.ClusterConnection;
import dev.refloat.process.Program;
import dev.refloat.process.Requests;
import dev.refloat.process.StartFailedException;
import dev.refloat.process.Version;
import dev.refloat.settings.ControllerSettings;
import dev.refloat.settings.Settings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;

/** The process {@code refloat-controller}. */
public final class Main {

  private static final String NAME = "refloat-controller";

  private Main() {}

  public static void main(String[] args) {
    System.exit(Program.run(Main.class, NAME, Settings.controller(System.getenv()), Main::start));
  }

  private static AutoCloseable start(
      ControllerSettings settings, String instance, Program.Emergency emergency)
      throws StartFailedException {
    InstantSource time = InstantSource.system();
    PrometheusRegistry registry = new PrometheusRegistry();
    RetryAfter retryAfter = new RetryAfter(time);
    return switch (ClusterConnection.open(
        settings.shared(),
        NAME + "/" + Version.of(Main.class),
        Excerpts.all(),
        new Requests(registry),
        retryAfter)) {
      case ClusterConnection.Failed(String words) -> throw new StartFailedException(words);
      case ClusterConnection.Opened(var client) ->
          Controller.wire(settings, client, registry, retryAfter, time, instance, emergency);
    };
  }
}
