package dev.refloat.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.Binaries;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.controlplane.ControlPlane.KeepLogs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path cache;

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<Process> launchers = new CopyOnWriteArrayList<>();

  @AfterEach
  void endWhatTheTestHasStarted() {
    launchers.forEach(Process::destroyForcibly);
    new Orphans(settings().runs(), Progress.silent()).end();
  }

  private LabSettings settings() {
    return new LabSettings(
        cache, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "");
  }

  private static Binaries binaries() {
    return BinariesBuild.binaries(LabSettings.fromEnvironment(), Progress.toStandardError());
  }

  private OwnControlPlane start(Binaries binaries) {
    return OwnControlPlane.start(binaries, settings(), KeepLogs.IF_IT_FAILED, said::add);
  }

  @Test
  void a_clean_stop_leaves_no_process_and_no_file() throws Exception {
    Collection<ProcessHandle> processes;
    try (OwnControlPlane controlPlane = start(binaries())) {
      processes = controlPlane.processes().values();
      assertThat(processes).hasSize(5).allMatch(ProcessHandle::isAlive);
    }

    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(runs()).isEmpty();
    assertThat(settings().keptLogs()).doesNotExist();
  }

  @Test
  void the_next_start_ends_what_a_killed_launcher_left() throws Exception {
    Process launcher = launcherInAnotherJvm();
    List<ProcessIdentity> components = componentsOfTheOnlyRun();
    // Without its guardian, as when everything was killed at once.
    guardianOf(launcher).destroyForcibly();
    launcher.destroyForcibly();
    launcher.waitFor();
    assertThat(components).hasSize(5).allMatch(component -> component.alive().isPresent());

    try (OwnControlPlane controlPlane = start(binaries())) {
      assertThat(components).noneMatch(component -> component.alive().isPresent());
      assertThat(controlPlane.client().getKubernetesVersion()).isNotNull();
      assertThat(said)
          .anyMatch(
              line -> line.matches("ending etcd \\(process \\d+\\), left by a killed launcher"));
    }
    assertThat(runs()).isEmpty();
  }

  @Test
  void the_components_end_with_a_launcher_that_is_killed() throws Exception {
    Process launcher = launcherInAnotherJvm();
    List<ProcessIdentity> components = componentsOfTheOnlyRun();

    launcher.destroyForcibly();

    await()
        .atMost(PATIENCE)
        .until(() -> components.stream().noneMatch(component -> component.alive().isPresent()));
  }

  @Test
  void sigterm_to_the_launcher_leaves_no_process_and_no_file() throws Exception {
    Process launcher = launcherInAnotherJvm();
    List<ProcessIdentity> components = componentsOfTheOnlyRun();

    launcher.destroy();

    assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(components).noneMatch(component -> component.alive().isPresent());
    assertThat(runs()).isEmpty();
    assertThat(settings().keptLogs()).doesNotExist();
  }

  @Test
  void a_component_that_does_not_start_shows_its_own_log() throws Exception {
    Path broken = cache.resolve("broken");
    Files.writeString(broken, "#!/bin/sh\necho 'no stages found'\nexit 3\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    Map<Program, Path> paths = new EnumMap<>(binaries().paths());
    paths.put(Program.KWOK, broken);

    assertThatThrownBy(() -> start(new Binaries(paths)))
        .isInstanceOf(ControlPlaneFailed.class)
        .hasMessageContaining("kwok ended with exit code 3. The end of its log:")
        .hasMessageContaining("no stages found")
        .hasMessageContaining("The whole log: " + settings().keptLogs());
    assertThat(runs()).isEmpty();
    assertThat(keptLogs()).contains("kwok.log", "kube-apiserver.log");
  }

  @Test
  void a_component_that_dies_later_shows_its_own_log() throws Exception {
    try (OwnControlPlane controlPlane = start(binaries())) {
      assertThat(controlPlane.complaint()).isEmpty();

      Optional.ofNullable(controlPlane.processes().get("kube-scheduler"))
          .orElseThrow()
          .destroyForcibly();

      await().atMost(PATIENCE).until(() -> controlPlane.complaint().isPresent());
      assertThat(controlPlane.complaint().orElseThrow())
          .startsWith("kube-scheduler ended by signal 9. The end of its log:")
          .contains("The whole log: " + settings().keptLogs());
    }
    assertThat(keptLogs()).contains("kube-scheduler.log");
  }

  private Process launcherInAnotherJvm() throws IOException {
    Process launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=dev/refloat/lab/logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                LaunchInChildJvm.class.getName(),
                cache.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    launchers.add(launcher);
    BufferedReader output = launcher.inputReader();
    assertThat(output.readLine()).startsWith("ready https://127.0.0.1:");
    return launcher;
  }

  private static ProcessHandle guardianOf(Process launcher) {
    return launcher
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("sh"))
        .findFirst()
        .orElseThrow();
  }

  private List<ProcessIdentity> componentsOfTheOnlyRun() throws IOException {
    assertThat(runs()).hasSize(1);
    return RunState.read(runs().getFirst()).orElseThrow().processes();
  }

  private List<Path> runs() throws IOException {
    try (Stream<Path> entries = Files.list(settings().runs())) {
      return entries.toList();
    }
  }

  private List<String> keptLogs() throws IOException {
    try (Stream<Path> files = Files.walk(settings().keptLogs())) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
