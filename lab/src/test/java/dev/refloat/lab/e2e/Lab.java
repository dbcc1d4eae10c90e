package dev.refloat.lab.e2e;

import dev.refloat.lab.LabExtension;
import dev.refloat.lab.RealNodesExtension;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The shared control plane with one webhook for all tests of a run, handed to tests that ask for a
 * {@link Lab}. Stopped when the run is over.
 */
final class Lab implements AutoCloseable {

  private static final AtomicInteger LABS = new AtomicInteger();

  private final ControlPlane controlPlane;
  private final Installation installation;
  private final RefloatProcess webhook;
  private final KubernetesClient asWebhook;

  private Lab(ControlPlane controlPlane, Installation installation, RefloatProcess webhook) {
    this.controlPlane = controlPlane;
    this.installation = installation;
    this.webhook = webhook;
    this.asWebhook = installation.inTheNameOf("refloat-webhook");
  }

  /** A lab of its own, for a test that breaks the control plane. */
  static Lab on(ControlPlane controlPlane) {
    Path logs = Path.of("target", "e2e-logs");
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + logs, e);
    }
    // The sweep has tests of its own, with a webhook of their own.
    Installation installation = Installation.on(controlPlane, logs).withoutSweep();
    // With a log of its own: what a process says of its ports is read there.
    String name = "webhook-of-lab-" + LABS.incrementAndGet();
    return new Lab(controlPlane, installation, installation.webhook(name, Map.of()));
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  KubernetesClient client() {
    return controlPlane.client();
  }

  /**
   * Puts our label on a pod as nobody but the webhook may: for a test of what the controller makes
   * of a label that is not earned.
   */
  void forgeLabel(String namespace, String pod) {
    var _ =
        asWebhook
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\":{\"labels\":{\"refloat.dev/local-storage\":\"true\"}}}");
  }

  Installation installation() {
    return installation;
  }

  RefloatProcess webhook() {
    return webhook;
  }

  @Override
  public void close() {
    asWebhook.close();
    webhook.close();
  }

  /** Hands the lab out, and starts it for the first test that asks. */
  static class Shared implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      ControlPlane controlPlane = controlPlane(context);
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(getClass()))
          .computeIfAbsent(Lab.class, _ -> on(controlPlane), Lab.class);
    }

    ControlPlane controlPlane(ExtensionContext context) {
      return LabExtension.controlPlane(context);
    }
  }

  /**
   * The same with real nodes; beside {@link RealNodesExtension}, which says whether there are any.
   */
  static final class SharedWithRealNodes extends Shared {

    @Override
    ControlPlane controlPlane(ExtensionContext context) {
      return RealNodesExtension.controlPlane(context);
    }
  }
}
