package dev.refloat.release.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes images, as files that {@code docker load}, {@code kind load image-archive}, {@code minikube
 * image load} and {@code ctr images import} take.
 *
 * @param checkout where the build has left the layouts
 * @param work a folder for what is in between; what is in it is replaced
 * @param cache where packages are kept from one time to the next
 */
public record ImageBuild(Path checkout, Path work, Mirror mirror, Path cache) {

  private static final Path HOME = Path.of("opt/refloat");

  /** What an image calls the folder of its jars. */
  static final String LIB = "/" + HOME + "/lib/";

  /** All files are as old as jib makes them: the archive of classes names the age of its jars. */
  private static final Instant MODIFIED = Instant.ofEpochSecond(1);

  private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");
  private static final FilePermissions READABLE = FilePermissions.fromOctalString("644");

  /** Returns how images are made on this machine, with packages from its own mirror of Debian. */
  public static ImageBuild ofThisMachine(Path checkout, Path work) {
    return new ImageBuild(checkout, work, Mirror.ofThisMachine(), ownCache());
  }

  /** Returns why no image can be made on this machine, and what helps; empty if it can. */
  public static Optional<String> obstacle() {
    try {
      var _ = Mirror.ofThisMachine();
      tryMachine();
      return Optional.empty();
    } catch (ReleaseFailed e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /**
   * Tries what it takes beside a mirror.
   *
   * @throws ReleaseFailed if this machine has not got it
   */
  public static void tryMachine() {
    DebianPackages.tryPrograms();
    ClassArchive.tryPrograms();
  }

  /** Returns where packages are kept from one time to the next. */
  public static Path ownCache() {
    return Path.of(System.getProperty("user.home"), ".cache", "refloat", "images");
  }

  /**
   * An image that was made.
   *
   * @param digest of its manifest, as registries call it
   * @param archived whether it has the archive of classes
   * @param bill what it is made of, as CycloneDX
   */
  public record Made(String name, Path file, String digest, boolean archived, Path bill) {}

  /** Makes the images of both programs. */
  public List<Made> make(Architecture architecture, Path target) {
    return make(architecture, List.of(Program.values()), target);
  }

  /** Makes the images of these programs. */
  public List<Made> make(Architecture architecture, List<Program> programs, Path target) {
    Base base = Base.in(work, architecture, new DebianPackages(architecture, mirror, cache, work));
    Trees.date(base.root(), MODIFIED);
    // jib knows a layer again by the names and dates of its files, and ours are all of one date.
    Trees.remove(layers());
    List<Made> made = new ArrayList<>();
    for (Program program : programs) {
      made.add(make(base, program, target));
    }
    return made;
  }

  private Path layers() {
    return work.resolve("layers");
  }

  private Made make(Base base, Program program, Path target) {
    Path root = Trees.fresh(work.resolve(program.image() + "-" + base.architecture().word()));
    Path home = root.resolve(HOME);
    Path layout = program.layout(checkout).resolve("lib");
    if (!Files.isDirectory(layout)) {
      throw new ReleaseFailed(
          "there is no %s; build it with: mvn -DskipTests package".formatted(layout));
    }
    List<String> jars = new ArrayList<>();
    for (Path file : Trees.all(layout)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".jar") || name.equals("java.options")) {
        Trees.copy(file, home.resolve("lib").resolve(name));
      }
      if (name.endsWith(".jar")) {
        jars.add(name);
      }
    }
    Trees.date(root, MODIFIED);
    Path classes = checkout.resolve("release/src/main/classes").resolve(program.image() + ".txt");
    Optional<String> archive = new ClassArchive(base).make(home, jars, classes);
    Trees.date(root, MODIFIED);
    return pack(base, program, root, jars, archive, target);
  }

  private Made pack(
      Base base,
      Program program,
      Path root,
      List<String> jars,
      Optional<String> archive,
      Path target) {
    String version = version(program, jars);
    String name = program.image() + ":" + version;
    String word = "%s-%s-%s".formatted(program.image(), version, base.architecture().word());
    Path file = target.resolve(word + ".tar");
    Path bill = target.resolve(word + ".cdx.json");
    Predicate<Path> ours =
        path -> {
          String each = path.getFileName().toString();
          return each.startsWith("refloat-") || !each.endsWith(".jar");
        };
    JibContainerBuilder image =
        Jib.fromScratch()
            .setPlatforms(Set.of(new Platform(base.architecture().word(), "linux")))
            .addFileEntriesLayer(layer("libraries", base.root(), path -> !isJava(base, path)))
            .addFileEntriesLayer(layer("java", base.root(), path -> isJava(base, path)))
            .addFileEntriesLayer(layer("dependencies", root, ours.negate()))
            .addFileEntriesLayer(layer("refloat", root, ours))
            .setEntrypoint(entrypoint(program, jars, archive))
            .addEnvironmentVariable("MALLOC_ARENA_MAX", "2")
            .setUser(Base.USER)
            .setWorkingDirectory(AbsoluteUnixPath.get("/" + HOME))
            .setLabels(labels(program, version))
            .setCreationTime(MODIFIED);
    program.ports().forEach(port -> image.addExposedPort(Port.tcp(port)));
    try {
      Files.createDirectories(target);
      JibContainer container =
          image.containerize(
              Containerizer.to(TarImage.at(file).named(name))
                  .setOfflineMode(true)
                  .setApplicationLayersCache(layers())
                  .setBaseImageLayersCache(layers())
                  .setToolName("refloat"));
      String digest = container.getDigest().toString();
      Trees.write(
          bill,
          new BillOfMaterials(
                  program.resolved(checkout),
                  jars.stream().map(jar -> root.resolve(HOME).resolve("lib").resolve(jar)).toList(),
                  base.parts())
              .of(program.image(), version, base.architecture(), digest));
      return new Made(name, file, digest, archive.isPresent(), bill);
    } catch (IOException
        | InvalidImageReferenceException
        | CacheDirectoryCreationException
        | RegistryException
        | ExecutionException e) {
      throw new ReleaseFailed("%s cannot be written to %s: %s".formatted(name, file, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReleaseFailed("interrupted", e);
    }
  }

  /** The layout says itself which version it is of. */
  private static String version(Program program, List<String> jars) {
    String start = program.image() + "-";
    return jars.stream()
        .filter(jar -> jar.startsWith(start))
        .findFirst()
        .map(jar -> jar.substring(start.length(), jar.length() - ".jar".length()))
        .orElseThrow(
            () -> new ReleaseFailed("there is no %s*.jar among %s".formatted(start, jars)));
  }

  private static boolean isJava(Base base, Path path) {
    return path.startsWith(base.root().resolve(JavaRuntime.HOME));
  }

  /** Returns a layer of the files of {@code root} that {@code are} in it. */
  private static FileEntriesLayer layer(String name, Path root, Predicate<Path> are) {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    Trees.all(root).stream()
        .filter(Files::isRegularFile)
        .filter(are)
        .forEach(
            path ->
                layer.addEntry(
                    path,
                    AbsoluteUnixPath.get("/" + root.relativize(path)),
                    Files.isExecutable(path) ? EXECUTABLE : READABLE,
                    MODIFIED));
    return layer.build();
  }

  private static List<String> entrypoint(
      Program program, List<String> jars, Optional<String> archive) {
    List<String> command = java(jars, archive);
    command.add(program.mainClass());
    return command;
  }

  /**
   * Returns how an image runs Java, up to what is run. The archive of classes is good for this
   * class path and these options only, so it is made in the same way.
   */
  static List<String> java(List<String> jars, Optional<String> archive) {
    List<String> command =
        new ArrayList<>(List.of("/" + JavaRuntime.HOME + "/bin/java", "@" + LIB + "java.options"));
    archive.ifPresent(file -> command.add("-XX:SharedArchiveFile=" + LIB + file));
    command.add("-cp");
    command.add(jars.stream().map(jar -> LIB + jar).collect(Collectors.joining(":")));
    return command;
  }

  private static Map<String, String> labels(Program program, String version) {
    return Map.of(
        "org.opencontainers.image.title",
        program.image(),
        "org.opencontainers.image.description",
        program.description(),
        "org.opencontainers.image.version",
        version,
        "org.opencontainers.image.licenses",
        "MIT",
        "org.opencontainers.image.base.name",
        "scratch");
  }
}
