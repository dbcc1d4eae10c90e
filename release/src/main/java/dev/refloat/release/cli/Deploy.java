package dev.refloat.release.cli;

import dev.refloat.release.Checkout;
import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.deploy.Cluster;
import dev.refloat.release.deploy.Loading;
import dev.refloat.release.image.Architecture;
import dev.refloat.release.image.ImageBuild;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From a checkout to pods that run. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description =
        "Makes the images, brings them to the nodes of a cluster, and installs Refloat there.")
final class Deploy implements Runnable {

  @Mixin private Place place = new Place();

  @Option(
      names = "--context",
      required = true,
      description = "The context that kubectl speaks to; with another one nothing is done.")
  private String context = "";

  @Option(
      names = "--overlay",
      description = "What is applied, as of kubectl apply -k; manifests/default by default.")
  private @Nullable Path overlay;

  @Option(
      names = "--load",
      paramLabel = "COMMAND",
      description =
          "What brings a file with an image to the nodes, with FILE for its name; known for"
              + " contexts of kind, k3d and minikube.")
  private @Nullable String load;

  @Override
  public void run() {
    Checkout checkout = place.checkout();
    Cluster cluster = Cluster.current("kubectl", context);
    Loading loading = loading();
    List<Architecture> architectures = cluster.processors().stream().map(Deploy::images).toList();
    Path target = place.target("images");
    ImageBuild.tryMachine();
    ImageBuild build = ImageBuild.ofThisMachine(checkout.folder(), target.resolve("work"));
    for (Architecture architecture : architectures) {
      System.err.printf("deploy: making the images for %s%n", architecture.platform());
      for (ImageBuild.Made made : build.make(architecture, target)) {
        System.err.printf("deploy: bringing %s to %s%n", made.name(), context);
        loading.load(made.file());
      }
    }
    cluster.install(
        overlay == null
            ? checkout.folder().resolve("manifests/default")
            : overlay.toAbsolutePath());
    System.out.printf(
        "Refloat %s runs in %s. Nothing is refloated before a StatefulSet opts in: docs/opt-in.md%n",
        checkout.version(), context);
  }

  private static Architecture images(String processor) {
    try {
      return Architecture.parse("linux/" + processor);
    } catch (IllegalArgumentException e) {
      throw new ReleaseFailed("a node of the cluster is none for Refloat: " + e.getMessage(), e);
    }
  }

  private Loading loading() {
    if (load != null) {
      return Loading.parse(load);
    }
    return Loading.known(context)
        .orElseThrow(
            () ->
                new ReleaseFailed(
                    "it is not known how images get to the nodes of %s; say it: --load \"COMMAND FILE\""
                        .formatted(context)));
  }
}
