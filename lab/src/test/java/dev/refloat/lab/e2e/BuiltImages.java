package dev.refloat.lab.e2e;

import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.release.image.Architecture;
import dev.refloat.release.image.ImageBuild;
import dev.refloat.release.image.ImageBuild.Made;
import dev.refloat.release.image.Program;
import java.nio.file.Path;
import java.util.List;

/** The images of what the build has left, for this machine's architecture. */
final class BuiltImages {

  private static final class Once {
    private static final List<Made> IMAGES =
        of(
            RefloatProgram.root(),
            RefloatProgram.root().resolve("lab/target/images"),
            Program.values());
  }

  private BuiltImages() {}

  /** Returns images that tests share. */
  static List<Made> shared() {
    return Once.IMAGES;
  }

  /** Makes images of programs that are built in {@code checkout}. */
  static List<Made> of(Path checkout, Path folder, Program... programs) {
    return ImageBuild.ofThisMachine(checkout, folder.resolve("work"))
        .make(Architecture.ofThisMachine(), List.of(programs), folder);
  }
}
