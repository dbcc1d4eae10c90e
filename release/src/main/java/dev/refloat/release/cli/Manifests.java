package dev.refloat.release.cli;

import dev.refloat.release.Checkout;
import dev.refloat.release.Trees;
import dev.refloat.release.chart.Chart;
import dev.refloat.release.chart.ChartPackage;
import dev.refloat.release.chart.InstallFile;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes all that is applied to a cluster, for whoever has no checkout. */
@Command(
    name = "manifests",
    mixinStandardHelpOptions = true,
    description =
        "Writes install.yaml and the charts of Helm, made of the manifests; needs no cluster.")
final class Manifests implements Runnable {

  private static final List<String> CHARTS = List.of("refloat", "localstorage-poc");

  @Mixin private Place place = new Place();

  @Option(
      names = "--registry",
      description =
          "Where pods pull the images from, such as registry.example.com/refloat; by default they"
              + " are on the nodes already.")
  private @Nullable String registry;

  @Override
  public void run() {
    Checkout root = place.checkout();
    Path target = place.target("manifests");
    String before = registry == null || registry.isBlank() ? "" : registry.replaceFirst("/*$", "/");
    Path install = target.resolve("install.yaml");
    Trees.write(install, InstallFile.text(root, before));
    System.out.println(install);
    for (String name : CHARTS) {
      Chart chart = Chart.of(root, name, before);
      chart.write(target.resolve("charts"));
      System.out.println(ChartPackage.write(chart, target));
    }
  }
}
