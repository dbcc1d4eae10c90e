package dev.refloat.lab.binaries;

import dev.refloat.lab.LabSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** A go command that writes down what it is asked, and makes a program without compiling one. */
record FakeGo(Path folder) {

  /** What the script does when it is to build; {@code $target} is the file to make. */
  static final String MAKES_IT = "printf '#!/bin/sh\\n' > \"$target\" && chmod +x \"$target\"";

  /** Does nothing until {@link #letGo}. */
  static final String WAITS = "while [ ! -e \"$0.go-on\" ]; do sleep 0.02; done; " + MAKES_IT;

  static FakeGo in(Path folder, String version, String build) throws IOException {
    Path script = Files.createDirectories(folder.resolve("bin")).resolve("go");
    Files.writeString(
        script,
        """
        #!/bin/sh
        if [ "$1" = env ]; then echo "%s"; exit 0; fi
        while [ $# -gt 1 ]; do [ "$1" != -o ] || target=$2; shift; done
        echo "$1" >> "$0.builds"
        %s
        """
            .formatted(version, build));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new FakeGo(folder);
  }

  LabSettings settings() {
    return new LabSettings(
        folder.resolve("cache"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        folder.resolve("bin") + ":/usr/bin:/bin");
  }

  void letGo() throws IOException {
    Files.createFile(folder.resolve("bin/go.go-on"));
  }

  /** Returns the packages that were built, in order. */
  List<String> builds() throws IOException {
    Path file = folder.resolve("bin/go.builds");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
