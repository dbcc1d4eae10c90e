package dev.refloat.lab.e2e;

import dev.refloat.lab.process.RefloatProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that a document tells its readers to give, so that a test gives the same. */
record Document(Path file) {

  /** A document of {@code docs}. */
  static Document of(String name) {
    return new Document(RefloatProgram.root().resolve("docs").resolve(name));
  }

  /** The lines of all code blocks under {@code heading}, up to the next one of any level. */
  List<String> commands(String heading) {
    List<String> commands = new ArrayList<>();
    boolean isHere = false;
    boolean isCode = false;
    for (String line : lines()) {
      if (line.startsWith("```")) {
        isCode = !isCode;
      } else if (isCode) {
        if (isHere) {
          commands.add(line);
        }
      } else if (line.startsWith("#")) {
        isHere = line.replaceFirst("#+ ", "").equals(heading);
      }
    }
    if (commands.isEmpty()) {
      throw new IllegalArgumentException("no commands under \"%s\" in %s".formatted(heading, file));
    }
    return commands;
  }

  private List<String> lines() {
    return text().lines().toList();
  }

  String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
