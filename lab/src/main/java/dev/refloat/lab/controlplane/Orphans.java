package dev.refloat.lab.controlplane;

import dev.refloat.lab.Progress;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.realnode.Remnants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ends what launchers left behind that were killed before they could clean up.
 *
 * <p>A process is ended only if the state file of a run without a launcher names it and its start,
 * executable and arguments are still the recorded ones; nothing is ever looked for by name.
 */
final class Orphans {

  private static final Duration TO_END = Duration.ofSeconds(10);

  private final Path runs;
  private final Progress progress;

  Orphans(Path runs, Progress progress) {
    this.runs = runs;
    this.progress = progress;
  }

  /** Ends every process that was left behind in {@code runs}, and removes the folders. */
  void end() {
    if (!Files.isDirectory(runs)) {
      return;
    }
    for (Path folder : folders()) {
      RunFolder.tryHold(folder).ifPresentOrElse(this::end, () -> removeIfEmpty(folder));
    }
  }

  /** Its launcher was killed between the last thing that was in it and the folder. */
  private static void removeIfEmpty(Path folder) {
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException | NoSuchFileException | AccessDeniedException e) {
      // somebody's who lives, or removes it now, or is another user
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }

  private void end(RunFolder folder) {
    RunState.read(folder.path()).ifPresent(state -> state.processes().forEach(this::end));
    folder.identity().ifPresent(Remnants::remove);
    progress.say("removed what a killed launcher left in " + folder.path());
    folder.remove();
  }

  private void end(ProcessIdentity identity) {
    identity
        .alive()
        .ifPresent(
            process -> {
              progress.say(
                  "ending %s (process %d), left by a killed launcher"
                      .formatted(identity.name(), identity.pid()));
              // Its data goes too, so there is nothing to finish.
              process.destroyForcibly();
              awaitEnd(identity);
            });
  }

  /**
   * By looking, not by {@code onExit}: where process 1 does not collect the dead, as in many
   * containers, the JDK takes them for alive; they no longer have arguments, though.
   */
  private static void awaitEnd(ProcessIdentity identity) {
    Await.within(TO_END)
        .until(
            "%s (process %d), left by a killed launcher, has ended"
                .formatted(identity.name(), identity.pid()),
            () -> identity.alive().isEmpty());
  }

  private List<Path> folders() {
    try (Stream<Path> entries = Files.list(runs)) {
      return entries
          .filter(Files::isDirectory)
          .filter(entry -> entry.getFileName().toString().startsWith("run-"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + runs, e);
    }
  }
}
