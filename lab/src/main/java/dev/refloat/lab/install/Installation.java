package dev.refloat.lab.install;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Refloat on a control plane of this machine: the rights and the registration of {@code
 * manifests/base}, and its two processes, each with the token of its own service account.
 *
 * <p>The one difference to a cluster: the API server calls the webhook by a URL on loopback,
 * because there is no Service network.
 */
public final class Installation {

  public static final String NAMESPACE = "refloat-system";

  private static final String LABEL = "refloat.dev/local-storage";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ControlPlane controlPlane;
  private final KubernetesClient client;
  private final Path manifests;
  private final Path logs;

  private Installation(ControlPlane controlPlane, Path manifests, Path logs) {
    this.controlPlane = controlPlane;
    this.client = controlPlane.client();
    this.manifests = manifests;
    this.logs = logs;
  }

  /**
   * Applies the namespace and the rights.
   *
   * @param logs the folder that the processes log into
   */
  public static Installation on(ControlPlane controlPlane, Path logs) {
    Installation installation =
        new Installation(controlPlane, RefloatProgram.root().resolve("manifests/base"), logs);
    installation.apply("namespace.yaml");
    installation.apply("rbac.yaml");
    return installation;
  }

  /**
   * Starts a webhook, registers it, and returns it when the API server really asks it.
   *
   * @param name of its log file
   * @param environment settings beside those that the lab needs
   */
  public RefloatProcess webhook(String name, Map<String, String> environment) {
    RefloatProcess webhook = startWebhook(name, environment);
    int port =
        Await.within(PATIENCE)
            .until("the webhook's port", webhook::admissionPort, Optional::isPresent)
            .orElseThrow();
    client.resource(registration(port)).createOr(existing -> existing.update());
    webhook.awaitReady();
    Await.within(PATIENCE).until("the API server to ask the webhook", () -> isAskedFor("default"));
    return webhook;
  }

  /**
   * Starts one more webhook, which the API server does not ask, and returns it when it is ready.
   */
  public RefloatProcess unregisteredWebhook(String name, Map<String, String> environment) {
    return startWebhook(name, environment).awaitReady();
  }

  private RefloatProcess startWebhook(String name, Map<String, String> environment) {
    return start(
        RefloatProgram.WEBHOOK,
        "refloat-webhook",
        name,
        Map.of("REFLOAT_WEBHOOK_HOSTS", "127.0.0.1", "REFLOAT_DRAIN_DELAY", "1s"),
        environment);
  }

  /**
   * Starts a controller and returns it when it watches.
   *
   * @param name of its log file
   * @param environment settings beside those that the lab needs
   */
  public RefloatProcess controller(String name, Map<String, String> environment) {
    return start(RefloatProgram.CONTROLLER, "refloat-controller", name, Map.of(), environment)
        .awaitReady();
  }

  /**
   * Nobody asks the webhook about pods of {@code namespace} while {@code something} happens, as if
   * it were away. Pods of other namespaces are admitted as ever.
   */
  public void whileUnregistered(String namespace, Runnable something) {
    leftOut(names -> names.add(namespace));
    try {
      Await.within(PATIENCE)
          .until("the API server to ask no webhook", () -> !isAskedFor(namespace));
      something.run();
    } finally {
      leftOut(names -> names.remove(namespace));
      Await.within(PATIENCE)
          .until("the API server to ask the webhook", () -> isAskedFor(namespace));
    }
  }

  /** Changes which namespaces the registration leaves out. */
  private void leftOut(Consumer<List<String>> change) {
    registered()
        .edit(
            registration -> {
              registration.getWebhooks().stream()
                  .flatMap(each -> each.getNamespaceSelector().getMatchExpressions().stream())
                  .filter(each -> "NotIn".equals(each.getOperator()))
                  .forEach(each -> change.accept(each.getValues()));
              return registration;
            });
  }

  private Resource<MutatingWebhookConfiguration> registered() {
    return client.admissionRegistration().v1().mutatingWebhookConfigurations().withName("refloat");
  }

  private RefloatProcess start(
      RefloatProgram program,
      String account,
      String name,
      Map<String, String> lab,
      Map<String, String> environment) {
    Map<String, String> all = new TreeMap<>(lab);
    all.put("KUBECONFIG", controlPlane.kubeconfigFor(NAMESPACE, account).toString());
    all.put("POD_NAMESPACE", NAMESPACE);
    all.put("REFLOAT_LOCAL_PROVISIONERS", World.PROVISIONER);
    all.putAll(environment);
    return RefloatProcess.start(program, all, logs.resolve(name + ".log"));
  }

  private MutatingWebhookConfiguration registration(int port) {
    MutatingWebhookConfiguration shipped =
        (MutatingWebhookConfiguration)
            load("webhook.yaml").stream()
                .filter(MutatingWebhookConfiguration.class::isInstance)
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "webhook.yaml has no MutatingWebhookConfiguration"));
    MutatingWebhookConfigurationBuilder builder = new MutatingWebhookConfigurationBuilder(shipped);
    for (int i = 0; i < shipped.getWebhooks().size(); i++) {
      String path = shipped.getWebhooks().get(i).getClientConfig().getService().getPath();
      builder
          .editWebhook(i)
          .withNewClientConfig()
          .withUrl("https://127.0.0.1:" + port + path)
          .endClientConfig()
          .endWebhook();
    }
    return builder.build();
  }

  /** A label that is not earned is taken off, on a pod that is never really made. */
  private boolean isAskedFor(String namespace) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("is-the-webhook-asked")
            .withNamespace(namespace)
            .addToLabels("statefulset.kubernetes.io/pod-name", "is-the-webhook-asked")
            .addToLabels(LABEL, "true")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("none")
            .withImage("none")
            .endContainer()
            .endSpec()
            .build();
    Pod admitted = client.resource(pod).dryRun().create();
    return !admitted.getMetadata().getLabels().containsKey(LABEL);
  }

  private void apply(String file) {
    for (HasMetadata object : load(file)) {
      var _ = client.resource(object).serverSideApply();
    }
  }

  private List<HasMetadata> load(String file) {
    try (InputStream yaml = Files.newInputStream(manifests.resolve(file))) {
      return new ArrayList<>(client.load(yaml).items());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + manifests.resolve(file), e);
    }
  }
}
