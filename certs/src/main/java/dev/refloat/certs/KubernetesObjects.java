package dev.refloat.certs;

import dev.refloat.process.Failures;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The port to the cluster by the fabric8 client. */
public final class KubernetesObjects implements ClusterObjects {

  private static final String TLS = "kubernetes.io/tls";
  private static final String OPAQUE = "Opaque";

  /** So that a person who finds the Secret knows whose it is. */
  private static final Map<String, String> LABELS =
      Map.of("app.kubernetes.io/name", "refloat", "app.kubernetes.io/component", "webhook");

  private final KubernetesClient client;
  private final String namespace;
  private final String configuration;

  /**
   * @param namespace where our Secrets are
   * @param configuration the name of the webhook configurations
   */
  public KubernetesObjects(KubernetesClient client, String namespace, String configuration) {
    this.client = client;
    this.namespace = namespace;
    this.configuration = configuration;
  }

  @Override
  public Secret secret(String name) throws ClusterFailedException {
    try {
      return state(resource(name).get());
    } catch (KubernetesClientException e) {
      throw failed("read Secret " + name + " in " + namespace, e);
    }
  }

  @Override
  public Swap swap(String name, Secret before, boolean tls, Change change)
      throws ClusterFailedException {
    try {
      return switch (before) {
        case Secret.Absent() -> create(name, tls, change.on(Map.of()));
        case Secret.Present(String version, _) -> replace(name, version, change);
      };
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Swap.CONFLICT;
      }
      throw failed("write Secret " + name + " in " + namespace, e);
    }
  }

  @Override
  public Configuration configuration(Registration registration) throws ClusterFailedException {
    try {
      return switch (registration) {
        case MUTATING -> state(mutating().get(), KubernetesObjects::ofMutating);
        case VALIDATING -> state(validating().get(), KubernetesObjects::ofValidating);
      };
    } catch (KubernetesClientException e) {
      throw failed("read the " + registration + " webhook configuration " + configuration, e);
    }
  }

  @Override
  public Swap inject(Registration registration, Configuration.Present before, String bundle)
      throws ClusterFailedException {
    String patch = BundlePatch.of(before, bundle);
    try {
      switch (registration) {
        case MUTATING -> mutating().patch(PatchContext.of(PatchType.JSON), patch);
        case VALIDATING -> validating().patch(PatchContext.of(PatchType.JSON), patch);
      }
      return Swap.DONE;
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        // Not found: it was deleted between the read and the write.
        case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> Swap.CONFLICT;
        default ->
            throw failed(
                "inject the CA into the "
                    + registration
                    + " webhook configuration "
                    + configuration,
                e);
      };
    }
  }

  private Resource<MutatingWebhookConfiguration> mutating() {
    return client
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(configuration);
  }

  private Resource<ValidatingWebhookConfiguration> validating() {
    return client
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(configuration);
  }

  private Resource<io.fabric8.kubernetes.api.model.Secret> resource(String name) {
    return client.secrets().inNamespace(namespace).withName(name);
  }

  private Swap create(String name, boolean tls, Map<String, String> entries) {
    client
        .secrets()
        .inNamespace(namespace)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(LABELS)
                .endMetadata()
                .withType(tls ? TLS : OPAQUE)
                .withData(encode(entries))
                .build())
        .create();
    return Swap.DONE;
  }

  private Swap replace(String name, String version, Change change) {
    io.fabric8.kubernetes.api.model.@Nullable Secret live = resource(name).get();
    if (live == null || !live.getMetadata().getResourceVersion().equals(version)) {
      return Swap.CONFLICT;
    }
    // What others put there stays as it is, also where it is no text.
    Map<String, String> data =
        new Change(encode(change.put()), change.removed())
            .on(live.getData() == null ? Map.of() : live.getData());
    // The object carries the resourceVersion that was read, which makes the PUT conditional.
    client
        .secrets()
        .inNamespace(namespace)
        .resource(new SecretBuilder(live).withData(data).build())
        .update();
    return Swap.DONE;
  }

  private static Secret state(io.fabric8.kubernetes.api.model.@Nullable Secret secret) {
    if (secret == null) {
      return new Secret.Absent();
    }
    Map<String, String> texts = new TreeMap<>();
    if (secret.getData() != null) {
      secret.getData().forEach((name, value) -> texts.put(name, decode(value)));
    }
    return new Secret.Present(secret.getMetadata().getResourceVersion(), texts);
  }

  private static <T extends HasMetadata> Configuration state(
      @Nullable T found, Function<T, List<WebhookClientConfig>> entries) {
    if (found == null) {
      return new Configuration.Absent();
    }
    return new Configuration.Present(
        found.getMetadata().getResourceVersion(),
        entries.apply(found).stream()
            .map(entry -> entry.getCaBundle() == null ? "" : decode(entry.getCaBundle()))
            .toList());
  }

  private static Map<String, String> encode(Map<String, String> entries) {
    Map<String, String> data = new TreeMap<>();
    entries.forEach(
        (name, text) ->
            data.put(
                name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return data;
  }

  /** The API server serves proper Base64 only; the content may be anything. */
  private static String decode(String value) {
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private static List<WebhookClientConfig> ofMutating(MutatingWebhookConfiguration found) {
    return found.getWebhooks() == null
        ? List.of()
        : found.getWebhooks().stream().map(entry -> entry.getClientConfig()).toList();
  }

  private static List<WebhookClientConfig> ofValidating(ValidatingWebhookConfiguration found) {
    return found.getWebhooks() == null
        ? List.of()
        : found.getWebhooks().stream().map(entry -> entry.getClientConfig()).toList();
  }

  private ClusterFailedException failed(String what, KubernetesClientException e) {
    return new ClusterFailedException(
        "cannot " + what + ": " + client.getMasterUrl() + ": " + Failures.words(e), e);
  }
}
