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
  public Swap swap(String name, Secret before, boolean tls, Map<String, String> entries)
      throws ClusterFailedException {
    try {
      return switch (before) {
        case Secret.Absent() -> create(name, tls, entries);
        case Secret.Present(String version, _) -> replace(name, version, entries);
      };
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Swap.CONFLICT;
      }
      throw failed("write Secret " + name + " in " + namespace, e);
    }
  }

  @Override
  public Injection inject(Registration registration, String bundle) throws ClusterFailedException {
    String encoded = Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.US_ASCII));
    var kinds = client.admissionRegistration().v1();
    return switch (registration) {
      case MUTATING ->
          inject(
              registration,
              kinds.mutatingWebhookConfigurations().withName(configuration),
              KubernetesObjects::ofMutating,
              encoded);
      case VALIDATING ->
          inject(
              registration,
              kinds.validatingWebhookConfigurations().withName(configuration),
              KubernetesObjects::ofValidating,
              encoded);
    };
  }

  private <T extends HasMetadata> Injection inject(
      Registration registration,
      Resource<T> resource,
      Function<T, List<WebhookClientConfig>> entries,
      String encoded)
      throws ClusterFailedException {
    try {
      @Nullable T found = resource.get();
      if (found == null) {
        return new Injection.NoConfiguration();
      }
      BundlePatch patch =
          BundlePatch.of(
              found.getMetadata().getResourceVersion(),
              entries.apply(found).stream().map(WebhookClientConfig::getCaBundle).toList(),
              encoded);
      if (patch.entries() == 0) {
        return new Injection.InPlace();
      }
      resource.patch(PatchContext.of(PatchType.JSON), patch.json());
      return new Injection.Injected(patch.entries());
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT -> new Injection.Conflict();
        // Deleted between the read and the write.
        case HttpURLConnection.HTTP_NOT_FOUND -> new Injection.NoConfiguration();
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

  private Swap replace(String name, String version, Map<String, String> entries) {
    io.fabric8.kubernetes.api.model.@Nullable Secret live = resource(name).get();
    if (live == null || !live.getMetadata().getResourceVersion().equals(version)) {
      return Swap.CONFLICT;
    }
    Map<String, String> data = new TreeMap<>();
    if (live.getData() != null) {
      data.putAll(live.getData());
    }
    data.putAll(encode(entries));
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
