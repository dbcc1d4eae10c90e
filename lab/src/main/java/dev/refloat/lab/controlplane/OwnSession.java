package dev.refloat.lab.controlplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts programs in a session of their own, so that Ctrl-C on a terminal reaches the launcher
 * alone, which then stops them in order. Where there is no {@code setsid} they get the signal too
 * and end in any order, which costs a few seconds and nothing else.
 */
public final class OwnSession {

  private static final Optional<Path> SETSID =
      Stream.of("/usr/bin/setsid", "/bin/setsid")
          .map(Path::of)
          .filter(Files::isExecutable)
          .findFirst();

  private OwnSession() {}

  /**
   * Returns the command line that becomes {@code command}, with the same process number, in a
   * session of its own.
   */
  public static List<String> wrap(List<String> command) {
    List<String> wrapped = new ArrayList<>();
    SETSID.ifPresent(setsid -> wrapped.add(setsid.toString()));
    wrapped.addAll(command);
    return List.copyOf(wrapped);
  }
}
