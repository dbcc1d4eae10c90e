package dev.refloat.admission;

import dev.refloat.optin.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What matters about a pod that is about to be created.
 *
 * @param name as far as it is known: the API server makes names from {@code generateName} later
 * @param labels at least ours
 * @param annotations at least ours
 * @param claims names of the claims that it mounts, without those of generic ephemeral volumes
 */
public record PodFacts(
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> annotations,
    Optional<Controller> controller,
    List<String> claims) {

  public PodFacts {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    claims = List.copyOf(claims);
  }

  /** Whose pod it is: the one owner that is its controller. */
  public record Controller(String apiVersion, String kind, String name) {

    /** Kubernetes' own StatefulSet; other groups have a kind of that name as well. */
    boolean isStatefulSet() {
      return kind.equals("StatefulSet") && apiVersion.startsWith("apps/");
    }

    @Override
    public String toString() {
      return apiVersion + " " + kind + " " + name;
    }
  }

  /** The value of our label, if it is there. */
  public Optional<String> label() {
    return Optional.ofNullable(labels.get(Names.LOCAL_STORAGE));
  }
}
