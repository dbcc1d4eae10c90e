package dev.refloat.lab.drill;

import dev.refloat.optin.LostState;
import dev.refloat.recovery.Attempts;
import dev.refloat.recovery.Volume;
import dev.refloat.settings.ControllerSettings;
import dev.refloat.settings.Parsed;
import dev.refloat.settings.Settings;
import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.Locality;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the controller's settings.
 *
 * @param source where it is known from, in words
 */
record Known(String source, ControllerSettings settings) {

  static final String NAMESPACE = "refloat-system";
  private static final String CONFIG_MAP = "refloat";

  /** Reads the ConfigMap of the manifests. Where it is wrong the controller does not start. */
  static Known of(KubernetesClient client) {
    Optional<ConfigMap> found =
        Optional.ofNullable(client.configMaps().inNamespace(NAMESPACE).withName(CONFIG_MAP).get());
    String name = "ConfigMap %s/%s".formatted(NAMESPACE, CONFIG_MAP);
    if (found.isEmpty()) {
      return new Known("the defaults, because there is no " + name, read(Map.of(), name));
    }
    Map<String, String> data = Optional.ofNullable(found.get().getData()).orElse(Map.of());
    return new Known(name, read(data, name));
  }

  private static ControllerSettings read(Map<String, String> data, String name) {
    return switch (Settings.controller(data)) {
      case Parsed.Good<ControllerSettings>(ControllerSettings settings) -> settings;
      case Parsed.Bad<ControllerSettings>(var problems) ->
          throw new DrillRefused("%s is wrong: %s".formatted(name, problems));
    };
  }

  Duration grace(LostState state) {
    return switch (state) {
      case GONE -> settings.graces().nodeGone();
      case NOT_READY -> settings.graces().nodeNotReady();
      case CORDONED -> settings.graces().nodeCordoned();
      case TAINTED -> settings.graces().nodeTainted();
    };
  }

  /** How long a claim of that attempt is left alone; zero = there is no loop guard. */
  Duration cooldown(int attempt) {
    return Attempts.cooldown(settings.cooldown(), attempt);
  }

  /** Whether losing one node loses this volume, and which. */
  Locality localityOf(Volume volume) {
    return new LocalStorage(settings.localProvisioners(), settings.topologyKeys())
        .of(volume.source(), volume.affinity());
  }
}
