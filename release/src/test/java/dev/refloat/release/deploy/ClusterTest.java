package dev.refloat.release.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.release.ReleaseFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {

  @TempDir private Path folder;

  /**
   * A kubectl that writes down what it is told, and knows one context, two nodes and an install.
   */
  private Path kubectl() throws IOException {
    Path script = folder.resolve("kubectl");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo "$*" >> "$0.told"
        case "$*" in
          "config current-context") echo kind-test ;;
          *"get nodes"*) echo "amd64 arm64 amd64" ;;
          *"get deployments"*) echo deployment.apps/refloat-webhook ;;
        esac
        """);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private List<String> told() throws IOException {
    return Files.readAllLines(folder.resolve("kubectl.told"));
  }

  @Test
  void another_context_than_was_named_is_refused_before_anything_is_done() throws IOException {
    String kubectl = kubectl().toString();

    assertThatThrownBy(() -> Cluster.current(kubectl, "kind-other"))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessage(
            "kubectl speaks to kind-test, and --context names kind-other; nothing was done. If"
                + " kind-other is meant: kubectl config use-context kind-other");
    assertThat(told()).containsExactly("config current-context");
  }

  @Test
  void each_command_names_the_context_and_what_runs_is_started_anew() throws IOException {
    Cluster cluster = Cluster.current(kubectl().toString(), "kind-test");

    assertThat(cluster.processors()).containsExactly("amd64", "arm64");
    cluster.install(Path.of("/overlay"));

    assertThat(told().subList(1, told().size()))
        .allMatch(each -> each.startsWith("--context kind-test "))
        .containsSubsequence(
            "--context kind-test apply -k /overlay",
            "--context kind-test rollout restart -n refloat-system deployment.apps/refloat-webhook",
            "--context kind-test rollout status -n refloat-system deployment.apps/refloat-webhook"
                + " --timeout=180s");
  }
}
