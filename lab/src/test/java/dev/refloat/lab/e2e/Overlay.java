package dev.refloat.lab.e2e;

import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.lab.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a platform team says of its own cluster on top of what is shipped, as kustomize reads it. Of
 * a machine that runs tests it says that an answer may take ten seconds: what goes missing there is
 * missing for another reason than that the machine is busy.
 */
final class Overlay {

  private static final Path MANIFESTS = RefloatProgram.root().resolve("manifests");

  private final Path folder;

  private Overlay(Path folder) {
    this.folder = folder;
  }

  /** One that is shipped, such as {@code default}. */
  static Overlay shipped(String name) {
    return new Overlay(MANIFESTS.resolve(name));
  }

  /**
   * {@code manifests/default} with more components, and settings as they are in the ConfigMap.
   *
   * @param name of a folder for it, which no other test has
   */
  static Overlay of(String name, List<String> components, Map<String, String> settings) {
    Path folder = RefloatProgram.root().resolve("lab/target/overlays").resolve(name);
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("REFLOAT_LOCAL_PROVISIONERS", World.PROVISIONER);
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("kustomization.yaml"),
          """
          apiVersion: kustomize.config.k8s.io/v1beta1
          kind: Kustomization
          resources:
            - %s
          components: [%s]
          patches:
            - patch: |-
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: refloat
                  namespace: refloat-system
                data:
          %s
            - target:
                kind: MutatingWebhookConfiguration
              patch: |-
                - op: replace
                  path: /webhooks/0/timeoutSeconds
                  value: 10
          """
              .formatted(
                  folder.relativize(MANIFESTS.resolve("default")),
                  components.stream()
                      .map(each -> folder.relativize(MANIFESTS.resolve("components/" + each)))
                      .map(Path::toString)
                      .collect(Collectors.joining(", ")),
                  all.entrySet().stream()
                      .map(each -> "        %s: \"%s\"".formatted(each.getKey(), each.getValue()))
                      .collect(Collectors.joining("\n"))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder, e);
    }
    return new Overlay(folder);
  }

  /** As {@code kubectl -k} wants it. */
  @Override
  public String toString() {
    return folder.toString();
  }
}
