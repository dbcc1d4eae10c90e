package dev.refloat.process;

import java.util.Optional;

/** Which version of Refloat is running. */
public final class Version {

  private Version() {}

  /**
   * Returns the version in the manifest of the jar that {@code main} came from, or {@code
   * "development"} if it did not come from a jar.
   */
  public static String of(Class<?> main) {
    return Optional.ofNullable(main.getPackage())
        .map(Package::getImplementationVersion)
        .orElse("development");
  }
}
