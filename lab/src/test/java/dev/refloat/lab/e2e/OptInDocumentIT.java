package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.refloat.lab.process.RefloatProgram;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What {@code docs/opt-in.md} says that kubectl prints is what it prints: each YAML block is
 * applied to the set in the first of them, each command is run.
 */
@ExtendWith(Lab.Shared.class)
class OptInDocumentIT {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path DOCUMENT = RefloatProgram.root().resolve("docs/opt-in.md");

  /** A block of YAML and what kubectl says to it. */
  private static final Pattern APPLIED =
      Pattern.compile("```yaml\n(?<yaml>.*?)```\n\n```text\n.*?```", Pattern.DOTALL);

  private static final Pattern RUN =
      Pattern.compile("```console\n\\$ kubectl (?<command>[^\n]*)\n.*?```", Pattern.DOTALL);

  @Test
  void every_block_of_the_document_prints_what_the_document_says(Lab lab) throws Exception {
    try (Scene scene = Scene.in(lab, "document")) {
      Kubectl kubectl = Kubectl.in(lab.controlPlane(), scene.world().namespace());
      List<StorageClass> classes =
          List.of(
              storageClass("local-path", "rancher.io/local-path", "Delete"),
              storageClass("local-path-retain", "rancher.io/local-path", "Retain"),
              storageClass("ebs-gp3", "ebs.csi.aws.com", "Delete"));
      classes.forEach(each -> lab.client().resource(each).create());
      try {
        String said = Files.readString(DOCUMENT);
        String applied = blocks(kubectl, said);
        scene.running(Scene.optedIn("db"));
        String true_ = commands(kubectl, applied);

        Files.writeString(Path.of("target", "opt-in.md"), true_);
        assertThat(said).as("%s; the true one is lab/target/opt-in.md", DOCUMENT).isEqualTo(true_);
      } finally {
        classes.forEach(each -> lab.client().resource(each).delete());
      }
    }
  }

  private static String blocks(Kubectl kubectl, String document) throws IOException {
    Matcher block = APPLIED.matcher(document);
    assertThat(block.find()).as("a first block of YAML").isTrue();
    ObjectNode whole = (ObjectNode) YAML.readTree(block.group("yaml"));
    StringBuilder text = new StringBuilder();
    boolean isFirst = true;
    do {
      ObjectNode set = whole.deepCopy();
      if (!isFirst) {
        change(set, block.group("yaml"));
      }
      isFirst = false;
      String output =
          kubectl
              .apply(set.toString(), "create", "--dry-run=server", "-f", "-")
              .output()
              .replace("error when creating \"STDIN\": ", "");
      block.appendReplacement(
          text,
          Matcher.quoteReplacement(
              "```yaml\n" + block.group("yaml") + "```\n\n```text\n" + output + "\n```"));
    } while (block.find());
    return block.appendTail(text).toString();
  }

  private static String commands(Kubectl kubectl, String document) {
    return RUN.matcher(document)
        .replaceAll(
            run ->
                Matcher.quoteReplacement(
                    "```console\n$ kubectl %s\n%s\n```"
                        .formatted(
                            run.group("command"),
                            kubectl.run(run.group("command").split(" ", -1)).output())));
  }

  /** Each comment names an object in the set, and what follows it goes in there. */
  private static void change(ObjectNode set, String yaml) throws IOException {
    for (String part : yaml.split("(?m)^# ", -1)) {
      if (!part.isBlank()) {
        String path = part.lines().findFirst().orElseThrow();
        ObjectNode into = within(set, path);
        ((ObjectNode) YAML.readTree(part.substring(path.length())))
            .properties()
            .forEach(entry -> put(into, entry));
      }
    }
  }

  private static void put(ObjectNode into, Map.Entry<String, JsonNode> entry) {
    if (entry.getValue().isNull()) {
      into.remove(entry.getKey());
    } else {
      into.set(entry.getKey(), entry.getValue());
    }
  }

  private static ObjectNode within(ObjectNode set, String path) {
    JsonNode at = set;
    for (String step : path.split("\\.", -1)) {
      at =
          switch (at) {
            case ArrayNode array -> array.get(Integer.parseInt(step));
            case ObjectNode object when object.has(step) -> object.get(step);
            case ObjectNode object -> object.putObject(step);
            default -> throw new IllegalArgumentException(path + " leads nowhere in " + set);
          };
    }
    return (ObjectNode) at;
  }

  private static StorageClass storageClass(String name, String provisioner, String policy) {
    return new StorageClassBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withProvisioner(provisioner)
        .withReclaimPolicy(policy)
        .withVolumeBindingMode("WaitForFirstConsumer")
        .build();
  }
}
