package dev.refloat.release.cli;

import dev.refloat.release.image.Architecture;
import dev.refloat.release.image.ImageBuild;
import dev.refloat.release.image.ImageBuild.Made;
import dev.refloat.release.image.Mirror;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Makes the images of both programs. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = "Makes the images of both programs, as files; needs no daemon and no root.")
final class Images implements Runnable {

  private static final String LOADING =
      """
      To bring a file to where pods find it:
        kind:        kind load image-archive FILE --name CLUSTER
        minikube:    minikube image load FILE
        containerd:  ctr --namespace k8s.io images import FILE     (on each node)
        docker:      docker load --input FILE
      """;

  @Mixin private Place place = new Place();

  @Option(
      names = "--platform",
      split = ",",
      converter = Platform.class,
      paramLabel = "PLATFORM",
      description = "linux/amd64, linux/arm64; this machine's by default.")
  private List<Architecture> platforms = List.of(Architecture.ofThisMachine());

  @Option(names = "--mirror", description = "A mirror of Debian; this machine's own by default.")
  private @Nullable String mirror;

  @Option(
      names = "--security-mirror",
      description =
          "One of its security updates; this machine's own by default, none with --mirror.")
  private @Nullable String securityMirror;

  @Override
  public void run() {
    Path root = place.checkout().folder();
    Path target = place.target("images");
    ImageBuild build =
        new ImageBuild(root, target.resolve("work"), mirror(), ImageBuild.ownCache());
    ImageBuild.tryMachine();
    for (Architecture architecture : platforms) {
      System.err.printf("images: making those for %s%n", architecture.platform());
      for (Made made : build.make(architecture, target)) {
        System.out.printf(
            Locale.ROOT,
            "%s  %s  %.1f MiB  %s%s%n",
            made.name(),
            architecture.platform(),
            size(made.file()) / 1024.0 / 1024.0,
            made.digest(),
            made.archived() ? "" : "  without the archive of classes: install qemu-user-static");
        System.out.println("  " + made.file());
        System.out.println("  " + made.bill());
      }
    }
    System.out.print(LOADING);
  }

  private Mirror mirror() {
    Mirror found = mirror == null ? Mirror.ofThisMachine() : new Mirror(mirror, Optional.empty());
    Mirror wanted =
        new Mirror(found.main(), Optional.ofNullable(securityMirror).or(found::security));
    if (wanted.security().isEmpty()) {
      System.err.println(
          "images: no mirror of security updates is known, so libraries are those of the last point"
              + " release; name one: --security-mirror");
    }
    return wanted;
  }

  /** Says what is wrong with a platform as picocli says it of other values. */
  private static final class Platform implements ITypeConverter<Architecture> {

    @Override
    public Architecture convert(String value) {
      try {
        return Architecture.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
