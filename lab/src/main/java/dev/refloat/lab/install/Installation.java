package dev.refloat.lab.install;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.process.MemoryLimit;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Refloat on a control plane of this machine: the rights and the registration of {@code
 * manifests/default}, and its two processes, each with the token of its own service account.
 *
 * <p>The differences to a cluster: the API server calls the webhook by a URL on loopback, because
 * there is no Service network, and a test may leave its namespace out.
 */
public final class Installation {

  public static final String NAMESPACE = "refloat-system";

  /** A namespace whose label says so is left out of the registration. */
  private static final String REGISTRATION = "lab.refloat.dev/webhook";

  private static final String UNREGISTERED = "away";
  private static final Map<String, String> FOR_WEBHOOKS =
      Map.of("REFLOAT_WEBHOOK_HOSTS", "127.0.0.1", "REFLOAT_DRAIN_DELAY", "1s");

  private static final String LABEL = "refloat.dev/local-storage";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ControlPlane controlPlane;
  private final KubernetesClient client;
  private final Path manifests;
  private final Path logs;

  /** What the ConfigMap says, where there is one. */
  private final Map<String, String> configured;

  private Installation(
      ControlPlane controlPlane, Path manifests, Path logs, Map<String, String> configured) {
    this.controlPlane = controlPlane;
    this.client = controlPlane.client();
    this.manifests = manifests;
    this.logs = logs;
    this.configured = Map.copyOf(configured);
  }

  /**
   * Applies the namespace and the rights, and the policies that say how far these go.
   *
   * @param logs the folder that the processes log into
   */
  public static Installation on(ControlPlane controlPlane, Path logs) {
    Installation installation =
        new Installation(controlPlane, RefloatProgram.root().resolve("manifests"), logs, Map.of());
    installation.apply("base/rbac.yaml");
    installation.apply("components/keep-data/rbac.yaml");
    installation.apply("base/policy.yaml");
    return installation;
  }

  /**
   * Applies the ConfigMap as well, as it is shipped but with these values, and returns an
   * installation whose processes get what it says.
   */
  public Installation configured(Map<String, String> settings) {
    ConfigMap map = (ConfigMap) load("base/configmap.yaml").getFirst();
    map.getData().putAll(settings);
    var _ = client.resource(map).serverSideApply();
    return new Installation(controlPlane, manifests, logs, map.getData());
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
    register(port);
    webhook.awaitReady();
    Await.within(PATIENCE).until("the API server to ask the webhook", () -> isAskedFor("default"));
    return webhook;
  }

  /**
   * Keeps the webhooks that are started from now on from looking for pods that were missed, by
   * holding their Lease: for tests of what happens to such a pod otherwise.
   */
  public Installation withoutSweep() {
    client
        .leases()
        .inNamespace(NAMESPACE)
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("refloat-sweep")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("the lab")
                .withLeaseDurationSeconds(Math.toIntExact(Duration.ofDays(1).toSeconds()))
                .endSpec()
                .build())
        .createOr(existing -> existing.update());
    return this;
  }

  /**
   * Starts one more webhook, which the API server does not ask, and returns it when it is ready.
   */
  public RefloatProcess unregisteredWebhook(String name, Map<String, String> environment) {
    return startWebhook(name, environment).awaitReady();
  }

  /** The same under a limit, which counts from the first instruction on. */
  public RefloatProcess unregisteredWebhook(
      String name, Map<String, String> environment, MemoryLimit limit) {
    return RefloatProcess.start(
            RefloatProgram.WEBHOOK,
            environment("refloat-webhook", FOR_WEBHOOKS, environment),
            logs.resolve(name + ".log"),
            limit)
        .awaitReady();
  }

  private RefloatProcess startWebhook(String name, Map<String, String> environment) {
    return begin(RefloatProgram.WEBHOOK, name, environment);
  }

  /**
   * Starts a controller and returns it when it watches.
   *
   * @param name of its log file
   * @param environment settings beside those that the lab needs
   */
  public RefloatProcess controller(String name, Map<String, String> environment) {
    return begin(RefloatProgram.CONTROLLER, name, environment).awaitReady();
  }

  /**
   * Starts one of the programs and returns it at once, whatever becomes of it.
   *
   * @param name of its log file
   * @param environment settings beside those that the lab needs
   */
  public RefloatProcess begin(
      RefloatProgram program, String name, Map<String, String> environment) {
    Map<String, String> lab = program == RefloatProgram.WEBHOOK ? FOR_WEBHOOKS : Map.of();
    RefloatProcess started =
        RefloatProcess.start(
            program, environment(program.program(), lab, environment), logs.resolve(name + ".log"));
    controlPlane.adopt(started.handle());
    return started;
  }

  /**
   * Nobody asks the webhook about pods of {@code namespace} while {@code something} happens, as if
   * it were away. Pods of other namespaces are admitted as ever.
   */
  public void whileUnregistered(String namespace, Runnable something) {
    label(namespace, UNREGISTERED);
    try {
      Await.within(PATIENCE)
          .until(
              "the API server to ask no webhook", () -> !labels(namespace) && !refuses(namespace));
      something.run();
    } finally {
      label(namespace, null);
      Await.within(PATIENCE)
          .until("the API server to ask the webhook", () -> isAskedFor(namespace));
    }
  }

  private void label(String namespace, @Nullable String registration) {
    var _ =
        client
            .namespaces()
            .withName(namespace)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\":{\"labels\":{\"%s\":%s}}}"
                    .formatted(
                        REGISTRATION, registration == null ? null : '"' + registration + '"'));
  }

  /**
   * Returns a client with all rights that acts in the name of one of Refloat's service accounts, as
   * whoever puts our label on a pod and is not refused. The caller closes it.
   */
  public KubernetesClient inTheNameOf(String account) {
    return Clients.inTheNameOf(
        controlPlane.adminKubeconfig(), "system:serviceaccount:" + NAMESPACE + ":" + account);
  }

  private Map<String, String> environment(
      String account, Map<String, String> lab, Map<String, String> environment) {
    Map<String, String> all = new TreeMap<>(lab);
    all.put("REFLOAT_LOCAL_PROVISIONERS", World.PROVISIONER);
    all.putAll(configured);
    all.put("KUBECONFIG", controlPlane.kubeconfigFor(NAMESPACE, account).toString());
    all.put("POD_NAMESPACE", NAMESPACE);
    all.putAll(environment);
    return all;
  }

  /** Registers the webhook as it is shipped, but with URLs on loopback. */
  private void register(int port) {
    for (HasMetadata shipped : load("base/webhook.yaml")) {
      eachEntry(
          shipped,
          (config, namespaces) -> {
            toLoopback(config, port);
            namespaces
                .getMatchExpressions()
                .add(new LabelSelectorRequirement(REGISTRATION, "NotIn", List.of(UNREGISTERED)));
          });
      client.resource(shipped).createOr(existing -> existing.update());
    }
  }

  /** The opposite of {@link #webhook}: the API server asks nobody. */
  public void unregister() {
    for (HasMetadata shipped : load("base/webhook.yaml")) {
      var _ = client.resource(shipped).delete();
    }
  }

  /**
   * Registers whoever listens on a port once more as it is shipped, under another name, for one
   * namespace alone. The registration shares nothing with the other one.
   *
   * @param name of both configurations
   * @param bundle the CA that it is said to have, as PEM
   * @return what was made; to be deleted by the caller
   */
  public List<HasMetadata> registerFor(String namespace, String name, int port, String bundle) {
    String encoded = Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.US_ASCII));
    List<HasMetadata> made = new ArrayList<>();
    for (HasMetadata shipped : load("base/webhook.yaml")) {
      shipped.getMetadata().setName(name);
      eachEntry(
          shipped,
          (config, namespaces) -> {
            toLoopback(config, port);
            config.setCaBundle(encoded);
            namespaces
                .getMatchExpressions()
                .add(
                    new LabelSelectorRequirement(
                        "kubernetes.io/metadata.name", "In", List.of(namespace)));
          });
      made.add(client.resource(shipped).create());
    }
    return made;
  }

  private static void eachEntry(
      HasMetadata configuration, BiConsumer<WebhookClientConfig, LabelSelector> change) {
    switch (configuration) {
      case MutatingWebhookConfiguration mutating ->
          mutating
              .getWebhooks()
              .forEach(each -> change.accept(each.getClientConfig(), each.getNamespaceSelector()));
      case ValidatingWebhookConfiguration validating ->
          validating
              .getWebhooks()
              .forEach(each -> change.accept(each.getClientConfig(), each.getNamespaceSelector()));
      default -> throw new IllegalStateException("webhook.yaml has a " + configuration.getKind());
    }
  }

  private static void toLoopback(WebhookClientConfig config, int port) {
    config.setUrl("https://127.0.0.1:" + port + config.getService().getPath());
    config.setService(null);
  }

  /** Returns the CA of the webhooks that are started here, as PEM. One must have been ready. */
  public String authority() {
    return secret("refloat-ca").getOrDefault("ca.crt", "");
  }

  /** Returns what those webhooks serve with, by file name. */
  public Map<String, String> serving() {
    return secret("refloat-tls");
  }

  private Map<String, String> secret(String name) {
    Map<String, String> texts = new TreeMap<>();
    client
        .secrets()
        .inNamespace(NAMESPACE)
        .withName(name)
        .get()
        .getData()
        .forEach(
            (file, encoded) ->
                texts.put(
                    file,
                    new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII)));
    return texts;
  }

  /** Returns what trusts those webhooks, and nobody else. */
  public SSLContext trust() throws GeneralSecurityException {
    return trusting(authority());
  }

  /**
   * Returns what trusts one CA, and nobody else.
   *
   * @param authority its certificate as PEM
   */
  public static SSLContext trusting(String authority) throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot be made", e);
    }
  }

  private boolean isAskedFor(String namespace) {
    return labels(namespace) && refuses(namespace);
  }

  /** A label that is not earned is taken off, on a pod that is never really made. */
  private boolean labels(String namespace) {
    Pod pod =
        labelled(namespace)
            .editMetadata()
            .addToLabels("statefulset.kubernetes.io/pod-name", "is-the-webhook-asked")
            .endMetadata()
            .build();
    try {
      Pod admitted = client.resource(pod).dryRun().create();
      return !admitted.getMetadata().getLabels().containsKey(LABEL);
    } catch (KubernetesClientException e) {
      // Refused for the label that nobody has taken off.
      return !isARefusal(e);
    }
  }

  /** A label on a pod of nobody is refused. */
  private boolean refuses(String namespace) {
    try {
      var _ = client.resource(labelled(namespace).build()).dryRun().create();
      return false;
    } catch (KubernetesClientException e) {
      return isARefusal(e);
    }
  }

  private static boolean isARefusal(KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
      return true;
    }
    throw e;
  }

  private static PodBuilder labelled(String namespace) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("is-the-webhook-asked")
        .withNamespace(namespace)
        .addToLabels(LABEL, "true")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("none")
        .withImage("none")
        .endContainer()
        .endSpec();
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
