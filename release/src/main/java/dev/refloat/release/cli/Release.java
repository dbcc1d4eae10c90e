package dev.refloat.release.cli;

import dev.refloat.release.ReleaseFailed;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What becomes of a build before it is installed somewhere. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description = "Makes of a build what is installed.",
    subcommands = {Images.class, Manifests.class, Deploy.class})
public final class Release {

  private Release() {}

  /** Runs a command. */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Release());
    line.setExecutionExceptionHandler(
        (failure, _, _) -> {
          if (failure instanceof ReleaseFailed || failure instanceof UncheckedIOException) {
            System.err.println("release: " + failure.getMessage());
            return 1;
          }
          throw failure;
        });
    System.exit(line.execute(arguments));
  }
}
