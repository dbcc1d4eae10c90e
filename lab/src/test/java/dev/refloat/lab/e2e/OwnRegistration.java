package dev.refloat.lab.e2e;

import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Webhooks with Secrets and a registration of their own: the Secrets are in the namespace of a
 * world, and the registration, which is called like it, asks about pods of this namespace only. A
 * webhook that does not answer fails the request.
 */
final class OwnRegistration implements AutoCloseable {

  private final Lab lab;
  private final World world;
  private final OwnRights rights;
  private final KubernetesClient client;
  private final List<HasMetadata> applied = new ArrayList<>();
  private final List<RefloatProcess> processes = new ArrayList<>();

  private OwnRegistration(Lab lab, World world, OwnRights rights) {
    this.lab = lab;
    this.world = world;
    this.rights = rights;
    this.client = lab.client();
  }

  /** Nothing is registered yet, but the webhook's account may do what it has to under this name. */
  static OwnRegistration in(Lab lab, String name) {
    World world = World.create(lab.controlPlane(), name);
    return new OwnRegistration(lab, world, OwnRights.in(lab.client(), world.namespace()));
  }

  /** The namespace, and the name of the registration. */
  String name() {
    return world.namespace();
  }

  /** Starts one more webhook and returns it when it is ready. */
  RefloatProcess webhook(String... settings) {
    Map<String, String> environment =
        Environment.of(
            Map.of(
                "POD_NAMESPACE",
                name(),
                // With a Lease of its own it would look for missed pods of all other tests.
                "WATCHED_NAMESPACES",
                name(),
                "REFLOAT_WEBHOOK_CONFIGURATION",
                name()),
            settings);
    RefloatProcess webhook =
        lab.installation().unregisteredWebhook(name() + "-" + (processes.size() + 1), environment);
    processes.add(webhook);
    return webhook;
  }

  /**
   * Registers all webhooks that were started: each is asked for each pod to be made, once to change
   * it and once to judge it.
   */
  void register() {
    register(processes.stream().map(webhook -> webhook.admissionPort().orElseThrow()).toList());
  }

  /** Registers whoever is behind a port, once. */
  void registerAt(int port) {
    register(List.of(port));
  }

  private void register(List<Integer> ports) {
    apply(
        new MutatingWebhookConfigurationBuilder()
            .withNewMetadata()
            .withName(name())
            .endMetadata()
            .withWebhooks(ports.stream().map(this::entry).toList())
            .build());
    apply(
        new ValidatingWebhookConfigurationBuilder()
            .withNewMetadata()
            .withName(name())
            .endMetadata()
            .withWebhooks(
                ports.stream()
                    .map(this::entry)
                    .map(
                        entry ->
                            new ValidatingWebhookBuilder()
                                .withName(entry.getName())
                                .withAdmissionReviewVersions(entry.getAdmissionReviewVersions())
                                .withClientConfig(entry.getClientConfig())
                                .withRules(entry.getRules())
                                .withFailurePolicy(entry.getFailurePolicy())
                                .withSideEffects(entry.getSideEffects())
                                .withTimeoutSeconds(entry.getTimeoutSeconds())
                                .withNamespaceSelector(entry.getNamespaceSelector())
                                .build())
                    .toList())
            .build());
  }

  private MutatingWebhook entry(int port) {
    return new MutatingWebhookBuilder()
        .withName("webhook-" + port + ".refloat.dev")
        .withAdmissionReviewVersions("v1")
        .withNewClientConfig()
        .withUrl("https://127.0.0.1:" + port + "/mutate")
        .endClientConfig()
        .addNewRule()
        .withApiGroups("")
        .withApiVersions("v1")
        .withResources("pods")
        .withOperations("CREATE")
        .endRule()
        .withFailurePolicy("Fail")
        .withSideEffects("None")
        // A machine that is busy with other tests is no failure of a certificate.
        .withTimeoutSeconds(10)
        .withNewNamespaceSelector()
        .addToMatchLabels("kubernetes.io/metadata.name", name())
        .endNamespaceSelector()
        .build();
  }

  /** The CA bundle of each entry of both configurations as PEM; empty where there is none. */
  List<String> bundles() {
    var kinds = client.admissionRegistration().v1();
    return Stream.concat(
            kinds.mutatingWebhookConfigurations().withName(name()).get().getWebhooks().stream()
                .map(entry -> entry.getClientConfig()),
            kinds.validatingWebhookConfigurations().withName(name()).get().getWebhooks().stream()
                .map(entry -> entry.getClientConfig()))
        .map(config -> config.getCaBundle() == null ? "" : decode(config.getCaBundle()))
        .toList();
  }

  /** Gives each entry of both configurations this bundle, as whoever issues certificates does. */
  void trust(String bundle) {
    String encoded = encode(bundle);
    change(
        mutating ->
            mutating.getWebhooks().forEach(entry -> entry.getClientConfig().setCaBundle(encoded)),
        encoded);
  }

  /** Overwrites the bundles as a tool does that knows nothing of them: one goes, others change. */
  void overwriteBundles(String bundle) {
    change(
        mutating -> mutating.getWebhooks().getFirst().getClientConfig().setCaBundle(null),
        encode(bundle));
  }

  private void change(Consumer<MutatingWebhookConfiguration> mutating, String validating) {
    var kinds = client.admissionRegistration().v1();
    var _ =
        kinds
            .mutatingWebhookConfigurations()
            .withName(name())
            .edit(
                configuration -> {
                  mutating.accept(configuration);
                  return configuration;
                });
    var _ =
        kinds
            .validatingWebhookConfigurations()
            .withName(name())
            .edit(
                configuration -> {
                  configuration
                      .getWebhooks()
                      .forEach(entry -> entry.getClientConfig().setCaBundle(validating));
                  return configuration;
                });
  }

  /** The entries of the Secret of the authority. */
  Map<String, String> authorities() {
    Map<String, String> texts = new HashMap<>();
    client
        .secrets()
        .inNamespace(name())
        .withName("refloat-ca")
        .get()
        .getData()
        .forEach((entry, content) -> texts.put(entry, decode(content)));
    return texts;
  }

  private void apply(HasMetadata object) {
    applied.add(client.resource(object).create());
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    // The registration goes first: it would keep everybody from making pods here.
    applied.reversed().forEach(object -> client.resource(object).delete());
    processes.forEach(RefloatProcess::close);
    rights.close();
    world.close();
  }
}
