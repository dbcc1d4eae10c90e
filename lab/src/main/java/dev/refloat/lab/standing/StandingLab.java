package dev.refloat.lab.standing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The one control plane that {@code up} leaves running, as its folder tells of it.
 *
 * @param folder with the kubeconfig, the note about what runs, and what the supervisor says
 */
public record StandingLab(Path folder) {

  /**
   * The exit status of a command that needs a lab where there is none, as service managers say it.
   */
  public static final int NOT_UP = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  public static StandingLab of(LabSettings settings) {
    return new StandingLab(PrivateFiles.folder(settings.cache().resolve("lab").resolve("up")));
  }

  /**
   * What runs. Instants are text, so that a person can read the file.
   *
   * @param refloat whether webhook and controller do
   */
  public record Note(
      long pid,
      String startedAt,
      String command,
      String url,
      String kubectl,
      String logs,
      Map<String, Integer> ports,
      boolean refloat) {

    public Instant since() {
      return Instant.parse(startedAt);
    }
  }

  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /** The socket of {@link NodeOrders}; there is one only where nodes are real. */
  public Path orders() {
    return folder.resolve("orders");
  }

  public Path supervisorLog() {
    return folder.resolve("supervisor.log");
  }

  private Path noteFile() {
    return folder.resolve("running.json");
  }

  /**
   * Writes down that this process runs {@code controlPlane}.
   *
   * @param refloat whether webhook and controller run on it
   */
  public void announce(OwnControlPlane controlPlane, boolean refloat) {
    ProcessHandle self = ProcessHandle.current();
    try {
      PrivateFiles.write(kubeconfig(), Files.readString(controlPlane.adminKubeconfig()));
      PrivateFiles.write(
          noteFile(),
          JSON.writerWithDefaultPrettyPrinter()
              .writeValueAsString(
                  new Note(
                      self.pid(),
                      self.info().startInstant().orElseGet(Instant::now).toString(),
                      self.info().command().orElse(""),
                      controlPlane.url().toString(),
                      controlPlane.kubectl().toString(),
                      controlPlane.logs().toString(),
                      new TreeMap<>(controlPlane.ports()),
                      refloat)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder, e);
    }
  }

  /** Takes back what {@link #announce} wrote. */
  public void forget() {
    try {
      Files.deleteIfExists(noteFile());
      Files.deleteIfExists(kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + noteFile(), e);
    }
  }

  /** Returns what the note says, whether it is still true or not. */
  public Optional<Note> note() {
    try {
      return Optional.of(JSON.readValue(Files.readString(noteFile()), Note.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty(); // not ours, or of an older version
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + noteFile(), e);
    }
  }

  /** Returns who the supervisor is, as the note tells it, whether it is still there or not. */
  public Optional<ProcessIdentity> identity() {
    return note()
        .map(
            note ->
                new ProcessIdentity(
                    "the lab", note.pid(), note.since(), note.command(), folder.toString()));
  }

  /** Returns the supervisor, if it is still the process that the note was written by. */
  public Optional<ProcessHandle> supervisor() {
    return identity().flatMap(ProcessIdentity::alive);
  }
}
