package dev.refloat.lab.drill;

import dev.refloat.lab.world.CommandFailed;
import dev.refloat.lab.world.PodConditions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** What must be so before a drill does anything. */
final class Safe {

  /** As a word of its own: "delivery" and "products" are none. */
  private static final Pattern PRODUCTION =
      Pattern.compile("(?i)(?<![a-z])(prod|prd|production|live)(?![a-z])");

  private Safe() {}

  /** There is a volume to write into, and a shell to write with. */
  static void hasData(App app) {
    String folder =
        app.dataFolder()
            .orElseThrow(
                () ->
                    new DrillRefused(
                        "%s has no volume of a claim template that its first container mounts: there is no data to look after"
                            .formatted(app.name())));
    try {
      app.shell().says("sh", "-c", "command -v dd && command -v sha256sum && test -w " + folder);
    } catch (CommandFailed e) {
      throw new DrillRefused(
          "the first container of %s needs sh, dd and sha256sum, and must be able to write to %s: %s"
              .formatted(app.podName(), folder, e.getMessage()));
    }
  }

  /**
   * All replicas are Ready, and of one revision: whoever is ill is not to be shaken, and deleting a
   * pod would roll out what somebody holds back.
   */
  static void isWell(App app) {
    StatefulSetStatus status = app.set().getStatus();
    if (!Objects.equals(status.getCurrentRevision(), status.getUpdateRevision())) {
      throw new DrillRefused(
          "%s is being rolled out, or somebody holds that back: its pods are of revisions %s and %s"
              .formatted(app.name(), status.getCurrentRevision(), status.getUpdateRevision()));
    }
    List<String> names = app.podNames();
    for (String name : names) {
      Optional<Pod> pod = app.pod(name);
      if (pod.filter(PodConditions::isReady).isEmpty()) {
        throw new DrillRefused(
            "%s is not well: %s: %s".formatted(app.name(), name, PodWords.of(pod)));
      }
    }
    if (names.isEmpty()) {
      throw new DrillRefused(app.name() + " has no replica");
    }
  }

  /** Its pod has another node to go to, and nobody has done to its own what a drill would. */
  static void hasSomewhereElse(App app) {
    Pod pod = app.pod().orElseThrow();
    String home = pod.getSpec().getNodeName();
    List<String> nodes = Elsewhere.nodesFor(app, pod);
    if (!nodes.contains(home)) {
      throw new DrillRefused(
          "%s, where %s is, takes no pods as it is; that is not for a drill to undo"
              .formatted(home, app.podName()));
    }
    if (nodes.size() < 2) {
      throw new DrillRefused(
          "%s is the only node that is Ready and takes %s: there is nowhere to go"
              .formatted(home, app.podName()));
    }
  }

  /** There is a shell in the image. */
  static void hasShell(App app) {
    try {
      var _ = app.shell().says("sh", "-c", "true");
    } catch (CommandFailed e) {
      throw new DrillRefused(
          "the first container of %s needs sh: %s".formatted(app.podName(), e.getMessage()));
    }
  }

  static void hasClaims(App app) {
    if (app.set().getSpec().getVolumeClaimTemplates().isEmpty()) {
      throw new DrillRefused(
          "%s has no volumeClaimTemplates: it has no storage to lose".formatted(app.name()));
    }
  }

  static void keepsClaimsWhenScaled(App app) {
    Optional.ofNullable(app.set().getSpec().getPersistentVolumeClaimRetentionPolicy())
        .map(policy -> policy.getWhenScaled())
        .filter("Delete"::equals)
        .ifPresent(
            _ -> {
              throw new DrillRefused(
                  "%s deletes its claims when it is scaled down (persistentVolumeClaimRetentionPolicy.whenScaled): scaling it to 0 loses its data"
                      .formatted(app.name()));
            });
  }

  /** The words of a context that a person would not drill on by accident. */
  static void isNoProduction(String context, boolean yes) {
    if (!yes && PRODUCTION.matcher(context).find()) {
      throw new DrillRefused(
          "the context \"%s\" looks like production; say --yes if it is meant".formatted(context));
    }
  }
}
