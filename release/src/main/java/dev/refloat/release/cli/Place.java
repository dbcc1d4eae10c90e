package dev.refloat.release.cli;

import dev.refloat.release.Checkout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of which checkout something is made, and where it goes: options of each command. */
final class Place {

  @Option(names = "--checkout", description = "By default the checkout that this is called in.")
  private @Nullable Path checkout;

  @Option(
      names = "--output",
      description = "The folder for the files; one in release/target of the checkout by default.")
  private @Nullable Path output;

  /** Returns the checkout that is named, or else the one around the current folder. */
  Checkout checkout() {
    return checkout == null
        ? Checkout.around(Path.of(""))
        : new Checkout(checkout.toAbsolutePath());
  }

  /** Returns the folder that is named, or else {@code name} in {@code release/target}. */
  Path target(String name) {
    return output == null
        ? checkout().folder().resolve("release/target").resolve(name)
        : output.toAbsolutePath();
  }
}
