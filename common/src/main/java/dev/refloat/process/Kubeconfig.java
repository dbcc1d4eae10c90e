package dev.refloat.process;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads the file that says where a cluster is and how to sign in there. */
final class Kubeconfig {

  private Kubeconfig() {}

  static Configuration read(String name) {
    String origin = "the kubeconfig " + name;
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      return new Configuration.Wrong("KUBECONFIG is not the path of a file: " + e.getMessage());
    }
    if (!Files.exists(path)) {
      return new Configuration.Wrong(
          origin
              + " does not exist; set KUBECONFIG to the path of a file that does"
              + (name.contains(File.pathSeparator) ? ", one file and not a list" : "")
              + ", or unset it in a pod to use its service account");
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      return new Configuration.Wrong(
          origin + " is not a file that this user may read; check its owner and mode");
    }
    try {
      return complete(Config.fromKubeconfig(path.toFile()), origin);
    } catch (RuntimeException e) {
      return new Configuration.Wrong(
          origin
              + " is none that can be read: "
              + Failures.reason(e)
              + "; see what `kubectl config view --kubeconfig="
              + name
              + "` says");
    }
  }

  /** Without these, fabric8 would quietly talk to a default address, or as nobody. */
  private static Configuration complete(Config config, String origin) {
    if (config.getCurrentContext() == null) {
      return new Configuration.Wrong(
          origin
              + " has no current context that it also defines; set one with `kubectl config"
              + " use-context`");
    }
    if (config.getFileWithCluster() == null) {
      return new Configuration.Wrong(
          origin
              + " does not define the cluster of its current context: "
              + config.getCurrentContext().getContext().getCluster());
    }
    if (config.getFileWithAuthInfo() == null) {
      return new Configuration.Wrong(
          origin
              + " does not define the user of its current context: "
              + config.getCurrentContext().getContext().getUser());
    }
    return new Configuration.Complete(config, origin);
  }
}
