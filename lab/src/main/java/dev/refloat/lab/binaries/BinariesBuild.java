package dev.refloat.lab.binaries;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Builds the programs that are missing into the cache, one folder for each state of each Go module.
 * A folder appears there only when it is whole: it is built under another name beside it, and then
 * renamed.
 */
public final class BinariesBuild {

  private static final String UNFINISHED = ".unfinished-";
  private static final long SAY_EVERY_SECONDS = 5;
  private static final int MEASURED_ON_CORES = 2;
  private static final int LINES_SHOWN = 15;

  private final LabSettings settings;
  private final Path builds;
  private final Progress progress;
  private final List<GoModule> modules;
  private final long startedAt = System.nanoTime();

  private BinariesBuild(LabSettings settings, Progress progress, List<GoModule> modules) {
    this.settings = settings;
    this.builds = settings.builds();
    this.progress = progress;
    this.modules = modules;
  }

  /** Returns the programs of a control plane, see the other method of this name. */
  public static Binaries binaries(LabSettings settings, Progress progress) {
    return binaries(settings, progress, Program.OF_THE_CONTROL_PLANE);
  }

  /**
   * Returns the {@code wanted} programs: those of a ready folder if {@code settings} name one, else
   * those of the cache, after what is missing was built. Says something every few seconds while it
   * builds, and nothing if there is nothing to do.
   *
   * @throws BinariesUnavailable if that is not possible; the message says why, and what to do
   */
  public static Binaries binaries(LabSettings settings, Progress progress, Set<Program> wanted) {
    if (settings.readyBinaries().isPresent()) {
      return Binaries.in(settings.readyBinaries().get(), wanted);
    }
    return new BinariesBuild(
            settings, progress, GoModule.thatBuild(wanted, KubernetesVersion.of(settings)))
        .binaries();
  }

  private Binaries binaries() {
    if (!missing().isEmpty()) {
      try {
        PrivateFiles.folder(builds);
        try (BuildLock _ = BuildLock.acquire(builds, progress)) {
          buildAll();
        }
      } catch (IOException e) {
        throw new BinariesUnavailable(
            "cannot build into %s: %s%n%s".formatted(builds, e, room(Optional.empty())), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BinariesUnavailable("the build was interrupted; nothing of it is used", e);
      }
    }
    Map<Program, Path> paths = new EnumMap<>(Program.class);
    for (GoModule module : modules) {
      for (Program program : module.programs()) {
        paths.put(program, folderOf(module).resolve(program.fileName()));
      }
    }
    return new Binaries(paths);
  }

  private List<GoModule> missing() {
    return modules.stream().filter(module -> !isWhole(module)).toList();
  }

  private boolean isWhole(GoModule module) {
    return module.programs().stream()
        .allMatch(program -> Binaries.find(folderOf(module), program).isPresent());
  }

  private Path folderOf(GoModule module) {
    return builds.resolve(module.key());
  }

  /** Looks again what is missing: whoever had the lock before may have built it. */
  private void buildAll() throws IOException, InterruptedException {
    removeUnfinished();
    List<GoModule> missing = missing();
    if (missing.isEmpty()) {
      return;
    }
    List<Program> programs =
        missing.stream().flatMap(module -> module.programs().stream()).toList();
    if (Disk.free(builds) < Disk.PROGRAMS) {
      throw new BinariesUnavailable(
          "there is not enough room to build the lab's programs%n%s"
              .formatted(room(Optional.empty())));
    }
    progress.say(
        "building %d programs, once: about %s if nothing is cached yet"
            .formatted(programs.size(), minutes(expectedSeconds(programs))));
    for (GoModule module : missing) {
      build(module, programs);
    }
    progress.say("built them in %d s: %s".formatted(secondsSince(startedAt), builds));
  }

  private void removeUnfinished() throws IOException {
    List<Path> leftovers;
    try (Stream<Path> entries = Files.list(builds)) {
      leftovers =
          entries.filter(entry -> entry.getFileName().toString().startsWith(UNFINISHED)).toList();
    }
    leftovers.forEach(PrivateFiles::remove);
  }

  private void build(GoModule module, List<Program> all) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(builds, UNFINISHED + module.name());
    Thread atExit = new Thread(() -> PrivateFiles.remove(folder), "remove-unfinished");
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
      module.writeTo(folder);
      GoToolchain go = GoToolchain.forModule(module, folder, settings);
      Path finished = Files.createDirectory(folder.resolve("finished"));
      for (Program program : module.programs()) {
        build(go, module, program, folder, finished, all);
      }
      PrivateFiles.remove(folderOf(module)); // not whole, or it would not be built
      Files.move(finished, folderOf(module), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      PrivateFiles.remove(folder);
      removeHook(atExit);
    }
  }

  private void build(
      GoToolchain go,
      GoModule module,
      Program program,
      Path folder,
      Path finished,
      List<Program> all)
      throws IOException, InterruptedException {
    Path output = folder.resolve("go.log");
    Process process =
        go.build(module, program, folder, finished.resolve(program.fileName()), output);
    Thread atExit = new Thread(() -> end(process), "end-go");
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
      do {
        progress.say(
            "building %s (%d of %d): %d s so far, %s expected in all"
                .formatted(
                    program.fileName(),
                    all.indexOf(program) + 1,
                    all.size(),
                    secondsSince(startedAt),
                    minutes(expectedSeconds(all))));
      } while (!process.waitFor(SAY_EVERY_SECONDS, TimeUnit.SECONDS));
    } finally {
      end(process);
      removeHook(atExit);
    }
    if (process.exitValue() != 0) {
      throw failed(go, program, folder, output);
    }
  }

  private BinariesUnavailable failed(GoToolchain go, Program program, Path folder, Path output)
      throws IOException {
    List<String> said =
        new ArrayList<>(Files.exists(output) ? Files.readAllLines(output) : List.of());
    said.removeIf(line -> line.startsWith("go: downloading"));
    String end =
        String.join("\n", said.subList(Math.max(0, said.size() - LINES_SHOWN), said.size()))
            .indent(2);
    boolean full = said.stream().anyMatch(line -> line.contains("no space left on device"));
    return new BinariesUnavailable(
        "building %s failed%s. Go says:%n%s%s"
            .formatted(
                program.fileName(),
                full ? " because a disk is full" : "",
                end,
                full
                    ? room(Optional.of(caches(go, folder)))
                    : "Nothing of it is used; the next start tries again."));
  }

  private static List<Path> caches(GoToolchain go, Path folder) {
    return go.says(folder, "env", "GOCACHE", "GOMODCACHE")
        .lines()
        .filter(line -> line.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  private String room(Optional<List<Path>> goCaches) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Needed: %s for the programs, and up to %s in Go's own caches if they are empty."
            .formatted(Disk.words(Disk.PROGRAMS), Disk.words(Disk.GO_CACHES)));
    lines.add("  " + Disk.line(builds));
    lines.add("  " + Disk.line(Path.of(System.getProperty("java.io.tmpdir"))));
    goCaches.orElse(List.of()).forEach(cache -> lines.add("  " + Disk.line(cache)));
    lines.add("XDG_CACHE_HOME moves the first, TMPDIR, GOCACHE and GOMODCACHE the others.");
    return String.join("\n", lines);
  }

  /** The compilers are children of go, and do not always end with it. */
  private static void end(Process process) {
    if (process.isAlive()) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down, and the hook is at work.
    }
  }

  private static long expectedSeconds(List<Program> programs) {
    long measured = programs.stream().mapToLong(Program::coldSeconds).sum();
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors());
    return Math.max(30, measured * MEASURED_ON_CORES / cores);
  }

  private static long secondsSince(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanos);
  }

  private static String minutes(long seconds) {
    return seconds < 100 ? seconds + " s" : (seconds + 59) / 60 + " min";
  }
}
