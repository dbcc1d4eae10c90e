package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The script runs in a tree of fakes, under each kind of shell that this machine has. */
@Timeout(30)
class LauncherTest {

  @TempDir private Path temporary;

  private Path world;
  private Path launcher;

  static Stream<List<String>> shells() {
    return Stream.of(List.of("sh"), List.of("dash"), List.of("busybox", "ash"), List.of("bash"))
        .filter(
            shell ->
                Stream.of("/bin", "/usr/bin")
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell.getFirst()))));
  }

  @BeforeEach
  void build_the_layout() throws IOException {
    world = Files.createDirectory(temporary.toRealPath().resolve("a world"));
    launcher = world.resolve("app/bin/refloat-test");
    Files.createDirectories(world.resolve("app/lib"));
    // As the assembly does it; and the usual folders are ours, whatever this machine has there.
    String script =
        Files.readString(Path.of("src/main/launcher/run.sh"))
            .replace("${project.artifactId}", "refloat-test")
            .replace("${project.version}", "0")
            .replace("${java.release}", "25")
            .replace("${main.class}", "dev.refloat.Main")
            .replace("/usr/lib/jvm/", "'" + world + "'/jvm/")
            .replace(" /opt/", " '" + world + "'/opt/");
    executable(launcher, script);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void becomes_the_java_it_was_told_to_use(List<String> shell) throws Exception {
    Path java = java("some where/jdk", "25.0.3");
    java("jvm/jdk-25", "25.0.1");

    Run run =
        run(shell, launcher, Map.of("REFLOAT_JAVA_HOME", java.toString()), "explain", "two words");

    assertThat(run.status()).isZero();
    assertThat(run.lines())
        .contains(java.resolve("bin/java").toString(), "pid=" + run.pid())
        .containsSequence(
            "@" + world.resolve("app/lib/java.options"),
            "-cp",
            world.resolve("app/lib") + "/*",
            "dev.refloat.Main",
            "explain")
        .contains("two words", "MALLOC_ARENA_MAX=2");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void says_that_it_was_told_to_use_a_wrong_one(List<String> shell) throws Exception {
    Path old = java("old jdk", "17.0.12");
    java("jvm/jdk-25", "25.0.1");

    assertThat(run(shell, launcher, Map.of("REFLOAT_JAVA_HOME", old.toString())))
        .satisfies(run -> assertThat(run.status()).isEqualTo(2))
        .satisfies(
            run ->
                assertThat(run.lines())
                    .containsExactly(
                        "refloat-test: REFLOAT_JAVA_HOME is '"
                            + old
                            + "', but "
                            + old
                            + "/bin/java is no Java 25; correct it, or unset it to have one"
                            + " searched for."));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void takes_java_home_before_the_usual_folders(List<String> shell) throws Exception {
    Path mine = java("mine", "25");
    java("jvm/jdk-25", "25.0.1");

    assertThat(run(shell, launcher, Map.of("JAVA_HOME", mine.toString())).lines())
        .contains(mine.resolve("bin/java").toString());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void passes_over_an_older_java_home_and_finds_one_in_the_usual_folders(List<String> shell)
      throws Exception {
    Path old = java("old", "17.0.12");
    java("jvm/java-1.25-lookalike", "21.0.25");
    Path right = java("jvm/temurin-25-jdk", "25.0.3");

    assertThat(run(shell, launcher, Map.of("JAVA_HOME", old.toString())).lines())
        .contains(right.resolve("bin/java").toString());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void finds_one_on_the_path_at_last(List<String> shell) throws Exception {
    Path java = java("on the path", "25.0.3");

    assertThat(run(shell, launcher, Map.of("PATH", java + "/bin:/usr/bin:/bin")).lines())
        .contains(java.resolve("bin/java").toString());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void says_what_is_missing_and_where_it_looked(List<String> shell) throws Exception {
    Path old = java("old", "17.0.12");

    Run run =
        run(
            shell,
            launcher,
            Map.of("JAVA_HOME", old.toString(), "PATH", old + "/bin:/usr/bin:/bin"));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.lines())
        .containsExactly(
            "refloat-test: needs a Java 25 and found none: not in JAVA_HOME ('"
                + old
                + "'), /opt, /usr/lib/jvm, ~/.sdkman, ~/.jdks or PATH. Install a JDK 25, or set"
                + " REFLOAT_JAVA_HOME to the folder of one.");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void finds_its_jars_through_links_from_anywhere(List<String> shell) throws Exception {
    Path java = java("jdk", "25.0.3");
    Path folder = Files.createDirectory(world.resolve("links"));
    Files.createSymbolicLink(folder.resolve("one"), Path.of("two"));
    Files.createSymbolicLink(folder.resolve("two"), Path.of("../app/bin/refloat-test"));
    Files.createSymbolicLink(folder.resolve("three"), folder.resolve("one"));

    for (String link : List.of("one", "two", "three")) {
      assertThat(
              run(shell, folder.resolve(link), Map.of("REFLOAT_JAVA_HOME", java.toString()))
                  .lines())
          .contains(world.resolve("app/lib") + "/*");
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void is_not_led_astray_by_what_is_in_the_environment(List<String> shell) throws Exception {
    Path java = java("jdk", "25.0.3");

    assertThat(
            run(
                    shell,
                    launcher,
                    Map.of(
                        "REFLOAT_JAVA_HOME", java.toString(),
                        "CDPATH", "/usr:/tmp",
                        "NOISE", "Picked up JAVA_TOOL_OPTIONS: -Dx=y",
                        "MALLOC_ARENA_MAX", "4"))
                .lines())
        .contains(world.resolve("app/lib") + "/*", "MALLOC_ARENA_MAX=4");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void says_that_java_cannot_live_with_a_colon(List<String> shell) throws Exception {
    Path moved = Files.move(world.resolve("app"), world.resolve("app:1"));

    Run run = run(shell, moved.resolve("bin/refloat-test"), Map.of());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.lines()).singleElement().asString().contains("move it to a folder without one");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void says_that_its_jars_are_missing(List<String> shell) throws Exception {
    Files.delete(world.resolve("app/lib"));

    Run run = run(shell, launcher, Map.of());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.lines())
        .containsExactly(
            "refloat-test: there is no folder "
                + world.resolve("app/lib")
                + "; keep bin and lib together as the build leaves them.");
  }

  /** A java that tells its version, or else how it was called, one word a line. */
  private Path java(String folder, String version) throws IOException {
    Path home = world.resolve(folder);
    executable(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        if [ "$1" = -version ]; then
          [ -z "${NOISE:-}" ] || echo "$NOISE" >&2
          echo 'openjdk version "%s" 2026-01-01' >&2
          exit
        fi
        echo "$0"
        echo "pid=$$"
        echo "MALLOC_ARENA_MAX=$MALLOC_ARENA_MAX"
        for word in "$@"; do echo "$word"; done
        """
            .formatted(version));
    return home;
  }

  private static void executable(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Run run(List<String> shell, Path script, Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(shell);
    command.add(script.toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", world.toString());
    // Only fakes: whatever java this machine has in /usr/bin is an old one for the script.
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    return new Run(process.pid(), process.waitFor(), lines);
  }

  private record Run(long pid, int status, List<String> lines) {}
}
