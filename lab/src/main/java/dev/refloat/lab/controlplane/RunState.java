package dev.refloat.lab.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a run has started, as its state file tells whoever comes after it.
 *
 * @param processes in the order in which they are to be stopped
 */
record RunState(List<ProcessIdentity> processes) {

  private static final ObjectMapper JSON = new ObjectMapper();

  RunState {
    processes = List.copyOf(processes);
  }

  /** The file's own shape: instants as text, so that a person can read it. */
  private record Document(List<Entry> processes) {}

  private record Entry(String name, long pid, String startedAt, String command, String mark) {}

  /**
   * Returns what the state file in {@code folder} says; empty if there is none, or if it is not
   * one.
   */
  static Optional<RunState> read(Path folder) {
    try {
      Document document = JSON.readValue(Files.readString(file(folder)), Document.class);
      return Optional.of(
          new RunState(
              document.processes().stream()
                  .map(
                      entry ->
                          new ProcessIdentity(
                              entry.name(),
                              entry.pid(),
                              Instant.parse(entry.startedAt()),
                              entry.command(),
                              entry.mark()))
                  .toList()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file(folder), e);
    }
  }

  /** Writes the state file in {@code folder}, as a whole. */
  void write(Path folder) {
    Document document =
        new Document(
            processes.stream()
                .map(
                    process ->
                        new Entry(
                            process.name(),
                            process.pid(),
                            process.startedAt().toString(),
                            process.command(),
                            process.mark()))
                .toList());
    try {
      PrivateFiles.write(
          file(folder), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the state as JSON", e);
    }
  }

  private static Path file(Path folder) {
    return folder.resolve("state.json");
  }
}
