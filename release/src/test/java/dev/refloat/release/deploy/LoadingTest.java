package dev.refloat.release.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.release.ReleaseFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadingTest {

  @ParameterizedTest
  @CsvSource({
    "kind-kind, kind load image-archive FILE --name kind",
    "kind-my-own, kind load image-archive FILE --name my-own",
    "k3d-edge, k3d image import FILE --cluster edge",
    "minikube, minikube image load FILE"
  })
  void the_context_tells_which_tool_has_made_the_cluster(String context, String command) {
    assertThat(Loading.known(context)).hasValue(Loading.parse(command));
  }

  @Test
  void of_other_clusters_a_person_has_to_say_it() {
    assertThat(Loading.known("gke_project_zone_name")).isEmpty();
    assertThatThrownBy(() -> Loading.parse("ctr images import"))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessageContaining("FILE")
        .hasMessageContaining("got \"ctr images import\"");
  }

  @Test
  void the_file_is_where_the_command_says(@TempDir Path folder) throws IOException {
    Path image = Files.writeString(folder.resolve("image.tar"), "image");

    Loading.parse("cp FILE FILE.loaded").load(image);

    assertThat(folder.resolve("image.tar.loaded")).hasContent("image");
    assertThatThrownBy(() -> Loading.parse("cp FILE /nowhere/at/all").load(image))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessageContaining("ended with 1");
  }
}
