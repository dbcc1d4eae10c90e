package dev.refloat.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {

  @TempDir private Path cache;

  private int run(Optional<Path> existing, String... arguments) {
    PrintWriter silent = new PrintWriter(Writer.nullWriter());
    return new CommandLine(
            new Bench(
                new LabSettings(
                    cache, Optional.empty(), existing, Optional.empty(), Optional.empty(), "")))
        .setOut(silent)
        .setErr(silent)
        .execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "everything",
        "--sets=many",
        "--sets=0",
        "--rounds=-1",
        "--pods=0,-1",
        "--pods=10,0",
        "--pods=-1",
        "--window=0",
        "--connections=0,16",
        "--connections=16,200",
        "--turns=0",
        "--creations=0"
      })
  void what_cannot_be_measured_is_refused_before_anything_starts(String argument) {
    assertThat(run(Optional.empty(), argument)).isEqualTo(2);
  }

  @Test
  void does_not_lose_the_nodes_of_somebody_elses_cluster() {
    assertThat(run(Optional.of(Path.of("/kubeconfig")), "single")).isEqualTo(2);
  }

  @Test
  void both_sides_go_first_equally_often() {
    assertThat(List.of(Side.inTurn(0), Side.inTurn(1), Side.inTurn(2)))
        .containsExactly(
            List.of(Side.REFLOAT, Side.FLOOR),
            List.of(Side.FLOOR, Side.REFLOAT),
            List.of(Side.REFLOAT, Side.FLOOR));
  }
}
