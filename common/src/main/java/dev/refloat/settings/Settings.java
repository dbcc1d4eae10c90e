package dev.refloat.settings;

import java.util.List;
import java.util.Map;

/**
 * Turns a process's environment into its settings, or into everything that is wrong with it.
 *
 * <p>Each process checks the values of its own settings and the names of everybody's: both may be
 * given one ConfigMap, and a mistake in what only the other one reads must not stop this one.
 */
public final class Settings {

  private Settings() {}

  /** Returns the settings of the controller. */
  public static Parsed<ControllerSettings> controller(Map<String, String> environment) {
    Environment texts = new Environment(environment);
    ControllerSettings settings =
        new ControllerSettings(
            shared(texts),
            new Graces(
                texts.value(Contract.GRACE_NODE_GONE),
                texts.value(Contract.GRACE_NODE_NOT_READY),
                texts.value(Contract.GRACE_NODE_CORDONED),
                texts.value(Contract.GRACE_NODE_TAINTED)),
            texts.value(Contract.COOLDOWN),
            texts.value(Contract.MAX_CONCURRENT),
            texts.value(Contract.RECOVERIES_PER_MINUTE),
            texts.value(Contract.BRAKE),
            texts.value(Contract.LOCAL_PROVISIONERS),
            texts.value(Contract.TOPOLOGY_KEYS),
            texts.value(Contract.LEADER_ELECTION));
    return texts.unlessWrong(settings);
  }

  /** Returns the settings of the webhook. */
  public static Parsed<WebhookSettings> webhook(Map<String, String> environment) {
    Environment texts = new Environment(environment);
    SharedSettings shared = shared(texts);
    List<String> hosts = texts.value(Contract.WEBHOOK_HOSTS);
    WebhookSettings settings =
        new WebhookSettings(
            shared,
            texts.value(Contract.WEBHOOK_ADDRESS),
            texts.value(Contract.WEBHOOK_CONFIGURATION),
            hosts.isEmpty() ? namesOfTheService(shared.podNamespace()) : hosts,
            texts.value(Contract.CERTIFICATES),
            texts.value(Contract.CA_LIFETIME),
            texts.value(Contract.CERTIFICATE_LIFETIME),
            texts.value(Contract.DRAIN_DELAY),
            texts.value(Contract.LOCAL_PROVISIONERS),
            texts.value(Contract.TOPOLOGY_KEYS));
    texts.refuseIf(
        settings.address().collidesWith(shared.http()),
        Contract.WEBHOOK_ADDRESS,
        "another port than that of " + Contract.HTTP_ADDRESS.name() + ", " + shared.http(),
        Contract.HTTP_ADDRESS);
    texts.refuseIf(
        settings.certificateLifetime().compareTo(settings.caLifetime()) > 0,
        Contract.CERTIFICATE_LIFETIME,
        "at most "
            + Contract.CA_LIFETIME.name()
            + ", which is "
            + Durations.print(settings.caLifetime()),
        Contract.CA_LIFETIME);
    return texts.unlessWrong(settings);
  }

  private static SharedSettings shared(Environment texts) {
    return new SharedSettings(
        texts.value(Contract.WATCHED_NAMESPACES),
        texts.value(Contract.DRY_RUN),
        new LogSettings(texts.value(Contract.LOG_LEVEL), texts.value(Contract.LOG_FORMAT)),
        texts.value(Contract.HTTP_ADDRESS),
        texts.value(Contract.POD_NAMESPACE),
        texts.value(Contract.KUBECONFIG));
  }

  /** The API server asks for the last of these; the others are what a person would type. */
  private static List<String> namesOfTheService(String namespace) {
    String service = "refloat-webhook";
    return List.of(service, service + "." + namespace, service + "." + namespace + ".svc");
  }
}
