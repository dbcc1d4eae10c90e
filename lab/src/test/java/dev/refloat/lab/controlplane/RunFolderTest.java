package dev.refloat.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  @TempDir private Path runs;

  @Test
  void is_held_by_one_until_it_is_given_back() {
    RunFolder folder = RunFolder.create(runs);
    assertThat(RunFolder.tryHold(folder.path())).isEmpty();

    folder.close();

    assertThat(RunFolder.tryHold(folder.path())).isPresent();
  }

  /** As others see it: the kernel's locks are of a process, and not of a channel. */
  @Test
  void whoever_looks_at_a_folder_of_its_own_does_not_give_it_away() throws IOException {
    RunFolder folder = RunFolder.create(runs);
    Object inode = Files.getAttribute(folder.path().resolve("lock"), "unix:ino");

    new Orphans(runs, Progress.silent()).end();

    assertThat(Files.readAllLines(Path.of("/proc/locks")))
        .anyMatch(line -> line.contains(":" + inode + " "));
    folder.remove();
  }

  @Test
  void an_empty_folder_is_removed() throws IOException {
    Files.createDirectory(runs.resolve("run-12345678"));

    new Orphans(runs, Progress.silent()).end();

    assertThat(runs).isEmptyDirectory();
  }

  @Test
  void a_folder_that_is_gone_cannot_be_held() {
    assertThat(RunFolder.tryHold(runs.resolve("run-gone"))).isEmpty();
  }

  @Test
  void what_a_living_launcher_holds_is_left_alone() {
    RunFolder folder = RunFolder.create(runs);

    new Orphans(runs, Progress.silent()).end();

    assertThat(folder.path()).isDirectory();
    folder.remove();
  }

  @Test
  void the_state_survives_being_written_and_read() {
    RunFolder folder = RunFolder.create(runs);
    RunState state =
        new RunState(
            List.of(
                new ProcessIdentity(
                    "etcd", 12, Instant.parse("2026-11-23T10:00:00.120Z"), "/opt/etcd", "/runs")));

    state.write(folder.path());

    assertThat(RunState.read(folder.path())).contains(state);
    folder.remove();
  }

  @Test
  void a_process_that_was_left_behind_is_ended_and_one_that_only_has_its_number_is_not()
      throws Exception {
    RunFolder folder = RunFolder.create(runs);
    Process left = sleeper(folder.path().toString());
    Process stranger = sleeper("somebody else's");
    String sh = left.info().command().orElseThrow();
    new RunState(
            List.of(
                ProcessIdentity.of("left", left.toHandle(), sh, folder.path().toString()),
                ProcessIdentity.of("stranger", stranger.toHandle(), sh, folder.path().toString())))
        .write(folder.path());
    folder.close();

    new Orphans(runs, Progress.silent()).end();

    assertThat(left.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(stranger.isAlive()).isTrue();
    assertThat(folder.path()).doesNotExist();
    stranger.destroyForcibly();
  }

  @Test
  void a_folder_without_a_state_is_just_removed() throws IOException {
    RunFolder left = RunFolder.create(runs);
    Files.createDirectories(left.logs());
    left.close();

    new Orphans(runs, Progress.silent()).end();

    assertThat(left.path()).doesNotExist();
  }

  /** Launchers start and end beside each other, and each looks for what others left behind. */
  @Test
  void a_folder_that_is_being_removed_is_not_taken_for_left_behind() throws Exception {
    List<String> taken = new CopyOnWriteArrayList<>();
    AtomicBoolean done = new AtomicBoolean();
    FutureTask<Void> seeker =
        new FutureTask<>(
            () -> {
              while (!done.get()) {
                new Orphans(runs, taken::add).end();
              }
              return null;
            });
    Thread.ofVirtual().start(seeker);
    try {
      for (int i = 0; i < 300; i++) {
        RunFolder folder = RunFolder.create(runs);
        for (int j = 0; j < 20; j++) {
          Files.createFile(folder.path().resolve("file-" + j));
        }
        folder.remove();
      }
    } finally {
      done.set(true);
    }
    seeker.get();

    assertThat(taken).isEmpty();
    assertThat(runs).isEmptyDirectory();
  }

  /** Waits for its input, which never ends while the test holds it. */
  private static Process sleeper(String mark) throws IOException {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", "echo started; read -r line", mark).start();
    assertThat(process.inputReader().readLine()).isEqualTo("started");
    return process;
  }
}
