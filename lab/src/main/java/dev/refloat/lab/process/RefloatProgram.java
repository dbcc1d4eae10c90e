package dev.refloat.lab.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The two processes of Refloat, and where a build leaves them. */
public enum RefloatProgram {
  WEBHOOK("webhook", "refloat-webhook"),
  CONTROLLER("controller", "refloat-controller");

  /** Names the repository's root for a lab that is not run from within it. */
  static final String ROOT_PROPERTY = "refloat.root";

  private final String module;
  private final String program;

  RefloatProgram(String module, String program) {
    this.module = module;
    this.program = program;
  }

  /** Returns the name of the program. */
  public String program() {
    return program;
  }

  /** Returns the script that starts it from the layout that the build has left behind. */
  public Path script() {
    return script(root());
  }

  /** Returns the script that starts it in the repository at {@code root}. */
  public Path script(Path root) {
    return root.resolve(module).resolve("target").resolve(program).resolve("bin").resolve(program);
  }

  /**
   * Returns the root of the repository: what a system property says, else the nearest folder above
   * that looks like it.
   */
  public static Path root() {
    Optional<Path> told = Optional.ofNullable(System.getProperty(ROOT_PROPERTY)).map(Path::of);
    if (told.isPresent()) {
      return told.get();
    }
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("webhook"))
          && Files.isDirectory(folder.resolve("lab/control-plane"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "%s is not in the repository; tell where it is with -D%s=..."
            .formatted(here, ROOT_PROPERTY));
  }

  /**
   * Returns whether a variable is one of Refloat's own, which a process gets only if it is given.
   */
  static boolean isOurs(Map.Entry<String, String> variable) {
    String name = variable.getKey();
    return (name.startsWith("REFLOAT_") && !name.equals("REFLOAT_JAVA_HOME"))
        || name.equals("WATCHED_NAMESPACES")
        || name.equals("DRY_RUN")
        || name.equals("LOG_LEVEL")
        || name.equals("LOG_FORMAT")
        || name.equals("POD_NAMESPACE")
        || name.equals("KUBECONFIG");
  }
}
