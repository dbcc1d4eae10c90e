package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.LabSettings;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.binaries.ForeignKinds;
import dev.refloat.lab.controlplane.ControlPlane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What a person does with {@code kubectl}, and what they see. */
record Kubectl(Path program, Path kubeconfig, List<String> always) {

  static Kubectl in(ControlPlane controlPlane, String namespace) {
    return new Kubectl(
        controlPlane.kubectl(), controlPlane.adminKubeconfig(), List.of("-n", namespace));
  }

  /** The same for a person who names the namespace each time, or has several. */
  static Kubectl on(ControlPlane controlPlane) {
    return new Kubectl(controlPlane.kubectl(), controlPlane.adminKubeconfig(), List.of());
  }

  /** Runs {@code kubectl} with these arguments. */
  Terminal.Outcome run(String... arguments) {
    return apply("", arguments);
  }

  /** Returns what {@code kubectl} with these arguments shows; it must work. */
  String says(String... arguments) {
    return run(arguments).ofSuccess("kubectl", arguments);
  }

  /** The same for a command as a person types it, which begins with {@code kubectl}. */
  String saysTo(String command) {
    String[] words = command.split(" ", -1);
    assertThat(words[0]).as(command).isEqualTo("kubectl");
    return says(Arrays.copyOfRange(words, 1, words.length));
  }

  /** Pauses a set or takes that back, and has its first pod looked at. */
  void pause(String set, boolean is) {
    says("annotate", "--overwrite", "statefulset", set, "refloat.dev/paused=" + is);
    says("annotate", "--overwrite", "pod", set + "-0", "touched=" + is);
  }

  /** Has the cluster know kinds of somebody else, such as {@code issuers}. */
  void knows(ForeignKinds whose, String... kinds) {
    for (String each : kinds) {
      Path definition = whose.definition(LabSettings.fromEnvironment(), each);
      says("apply", "--server-side", "-f", definition.toString());
      String crd = "crd/%s.%s".formatted(each, whose.group());
      Await.seconds(20).until(crd + " to be established", () -> isEstablished(crd));
    }
  }

  /** Not by kubectl wait or a JSONPath, which both fail where there is no condition yet. */
  private boolean isEstablished(String crd) {
    try {
      JsonNode conditions =
          new ObjectMapper().readTree(says("get", crd, "-o=json")).at("/status/conditions");
      return StreamSupport.stream(conditions.spliterator(), false)
          .filter(condition -> condition.path("type").asText().equals("Established"))
          .anyMatch(condition -> condition.path("status").asText().equals("True"));
    } catch (JsonProcessingException e) {
      throw new AssertionError("kubectl -o=json said no JSON", e);
    }
  }

  /** Runs {@code kubectl} with these arguments and this text on its standard input. */
  Terminal.Outcome apply(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(always);
    command.addAll(List.of(arguments));
    return Terminal.run(command, Map.of("KUBECONFIG", kubeconfig.toString()), input);
  }
}
