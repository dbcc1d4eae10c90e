package dev.refloat.release.image;

import java.nio.file.Path;
import java.util.List;

/** One of the two processes. */
public enum Program {
  WEBHOOK(
      "refloat-webhook",
      "dev.refloat.webhook.Main",
      "Labels opted-in StatefulSet pods on local storage at admission",
      List.of(8443, 8080)),
  CONTROLLER(
      "refloat-controller",
      "dev.refloat.controller.Main",
      "Gets StatefulSet pods afloat again that are stranded on lost local storage",
      List.of(8080));

  private final String image;
  private final String mainClass;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Integer> ports;

  Program(String image, String mainClass, String description, List<Integer> ports) {
    this.image = image;
    this.mainClass = mainClass;
    this.description = description;
    this.ports = ports;
  }

  /** Returns the name of its image, which is that of its layout as well. */
  public String image() {
    return image;
  }

  String mainClass() {
    return mainClass;
  }

  String description() {
    return description;
  }

  List<Integer> ports() {
    return ports;
  }

  /** Returns the layout that the build leaves. */
  Path layout(Path checkout) {
    return target(checkout).resolve(image);
  }

  /** Returns what the build leaves about the jars of the layout, as CycloneDX. */
  Path resolved(Path checkout) {
    return target(checkout).resolve("bom.json");
  }

  private Path target(Path checkout) {
    return checkout.resolve(image.substring("refloat-".length())).resolve("target");
  }
}
