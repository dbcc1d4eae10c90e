package dev.refloat.webhook;

import dev.refloat.kube.Excerpts;
import dev.refloat.process.ClusterConnection;
import dev.refloat.process.Program;
import dev.refloat.process.Requests;
import dev.refloat.process.StartFailedException;
import dev.refloat.process.Version;
import dev.refloat.settings.Settings;
import dev.refloat.settings.WebhookSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;

/** The process {@code refloat-webhook}. */
public final class Main {

  private static final String NAME = "refloat-webhook";

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Program.run(Main.class, NAME, Settings.webhook(System.getenv()), Main::start));
  }

  private static AutoCloseable start(
      WebhookSettings settings, String instance, Program.Emergency emergency)
      throws StartFailedException {
    PrometheusRegistry registry = new PrometheusRegistry();
    return switch (ClusterConnection.open(
        settings.shared(),
        NAME + "/" + Version.of(Main.class),
        Excerpts.all(),
        new Requests(registry))) {
      case ClusterConnection.Failed(String words) -> throw new StartFailedException(words);
      case ClusterConnection.Opened(var client) ->
          Webhook.wire(settings, client, registry, InstantSource.system(), instance);
    };
  }
}
