package dev.refloat.lab.binaries;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Kinds that other projects define, for a cluster in which they are known: the definitions come
 * from the Go module of the project, whose version is pinned as those of the {@link Program}s are.
 */
public enum ForeignKinds {
  PROMETHEUS_OPERATOR(
      "github.com/prometheus-operator/prometheus-operator",
      "example/prometheus-operator-crd",
      "monitoring.coreos.com"),
  CERT_MANAGER("github.com/cert-manager/cert-manager", "deploy/crds", "cert-manager.io");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String module;
  private final String folder;
  private final String group;

  ForeignKinds(String module, String folder, String group) {
    this.module = module;
    this.folder = folder;
    this.group = group;
  }

  /** Returns the API group that they are of. */
  public String group() {
    return group;
  }

  /**
   * Returns the definition of a kind, fetched if Go has not got it yet.
   *
   * @param kinds as addresses have it, such as {@code prometheusrules}
   * @throws BinariesUnavailable if that is not possible; the message says why
   */
  public Path definition(LabSettings settings, String kinds) {
    Path file = folder(settings).resolve("%s_%s.yaml".formatted(group, kinds));
    if (!Files.exists(file)) {
      throw new BinariesUnavailable("there is no %s of %s".formatted(file, module));
    }
    return file;
  }

  private Path folder(LabSettings settings) {
    try {
      Path asking = Files.createTempDirectory("refloat-kinds-");
      try {
        GoModule kinds = GoModule.load("kinds", List.of());
        kinds.writeTo(asking);
        GoToolchain go = GoToolchain.forModule(kinds, asking, settings);
        return dir(go.says(asking, "mod", "download", "-json", module)).resolve(folder);
      } finally {
        PrivateFiles.remove(asking);
      }
    } catch (IOException e) {
      throw new BinariesUnavailable("cannot ask for %s: %s".formatted(module, e), e);
    }
  }

  /**
   * What Go says is an object with {@code Dir}, or with {@code Error}, after some words perhaps.
   */
  private Path dir(String said) {
    try {
      JsonNode answer = JSON.readTree(said.substring(Math.max(0, said.indexOf('{'))));
      if (answer.hasNonNull("Dir")) {
        return Path.of(answer.get("Dir").asText());
      }
    } catch (JsonProcessingException e) {
      // What it is instead is told below.
    }
    throw new BinariesUnavailable("cannot fetch %s. Go says: %s".formatted(module, said.strip()));
  }
}
