package dev.refloat.lab.binaries;

import dev.refloat.lab.LabSettings;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The versions of Kubernetes that the lab can build: the oldest and the newest of which all modules
 * resolve, and the one that everything is tested with every day.
 */
public enum KubernetesVersion {
  OLDEST("1.30.14"),
  USUAL("1.36.3"),
  NEWEST("1.37.2");

  private final String number;

  KubernetesVersion(String number) {
    this.number = number;
  }

  /**
   * Returns the version that {@code settings} ask for.
   *
   * @throws BinariesUnavailable if there is no such version here; the message names all
   */
  static KubernetesVersion of(LabSettings settings) {
    if (settings.kubernetes().isEmpty()) {
      return USUAL;
    }
    String wanted = settings.kubernetes().get();
    return Arrays.stream(values())
        .filter(version -> version.number.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new BinariesUnavailable(
                    "%s is \"%s\"; expected one of %s, or nothing for %s"
                        .formatted(
                            LabSettings.KUBERNETES,
                            wanted,
                            Arrays.stream(values())
                                .map(KubernetesVersion::toString)
                                .collect(Collectors.joining(", ")),
                            USUAL)));
  }

  /** The number, as in {@code 1.36.3}. */
  @Override
  public String toString() {
    return number;
  }
}
