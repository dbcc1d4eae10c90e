package dev.refloat.release.deploy;

import dev.refloat.release.Command;
import dev.refloat.release.ReleaseFailed;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A cluster, as {@code kubectl} of this machine knows it; each command names the context, so that
 * nobody who chooses another one meanwhile changes anything.
 */
public final class Cluster {

  private static final String NAMESPACE = "refloat-system";
  private static final String PATIENCE = "--timeout=180s";

  private final String kubectl;
  private final String context;

  private Cluster(String kubectl, String context) {
    this.kubectl = kubectl;
    this.context = context;
  }

  /**
   * Returns the cluster of the current context.
   *
   * @param kubectl the program
   * @param context what it is to be called: who names it knows where they are
   * @throws ReleaseFailed if it is called otherwise; nothing was done then
   */
  public static Cluster current(String kubectl, String context) {
    String current = Command.run(List.of(kubectl, "config", "current-context")).strip();
    if (!current.equals(context)) {
      throw new ReleaseFailed(
          "kubectl speaks to %s, and --context names %s; nothing was done. If %s is meant: %s"
              .formatted(current, context, context, "kubectl config use-context " + context));
    }
    return new Cluster(kubectl, context);
  }

  /** Returns the processors of its nodes, as images name them, such as {@code amd64}. */
  public Set<String> processors() {
    String said =
        says("get", "nodes", "-o", "jsonpath={.items[*].status.nodeInfo.architecture}").strip();
    if (said.isEmpty()) {
      throw new ReleaseFailed(context + " has no nodes, so nothing would run there");
    }
    return new TreeSet<>(List.of(said.split("\\s+", -1)));
  }

  /** Applies an overlay, and returns when all that it runs is Ready. */
  public void install(Path overlay) {
    List<String> before = deployments();
    show("apply", "-k", overlay.toString());
    // An image of the same name is another one now, which a Deployment does not notice.
    before.forEach(deployment -> show("rollout", "restart", "-n", NAMESPACE, deployment));
    deployments()
        .forEach(deployment -> show("rollout", "status", "-n", NAMESPACE, deployment, PATIENCE));
  }

  private List<String> deployments() {
    return says(
            "get",
            "deployments",
            "-n",
            NAMESPACE,
            "-l",
            "app.kubernetes.io/part-of=refloat",
            "-o",
            "name",
            "--ignore-not-found")
        .lines()
        .filter(line -> line.startsWith("deployment"))
        .toList();
  }

  private String says(String... arguments) {
    return Command.run(command(arguments));
  }

  private void show(String... arguments) {
    Command.show(command(arguments));
  }

  private List<String> command(String... arguments) {
    return Stream.concat(Stream.of(kubectl, "--context", context), Stream.of(arguments)).toList();
  }
}
