package dev.refloat.lab.world;

import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A StatefulSet that is to be. Its pods end without grace and run only on the nodes of its world.
 *
 * @param annotations of the pod template
 * @param labels of the pod template, beside the {@code app} label
 * @param claims one template for each volume
 * @param cpu what each pod requests
 * @param podSpec what the pods have beyond that, in Kubernetes' own words
 */
public record LabStatefulSet(
    String name,
    int replicas,
    Map<String, String> annotations,
    Map<String, String> labels,
    List<ClaimTemplate> claims,
    String cpu,
    PodManagement podManagement,
    UnaryOperator<PodSpecBuilder> podSpec) {

  /**
   * A template of claims; its claims are called {@code <name>-<set>-<ordinal>}.
   *
   * @param storageClass the class within the world
   */
  public record ClaimTemplate(String name, String storageClass, String size) {}

  /** In which order pods are made. */
  public enum PodManagement {
    ORDERED("OrderedReady"),
    PARALLEL("Parallel");

    private final String word;

    PodManagement(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  public LabStatefulSet {
    annotations = Map.copyOf(annotations);
    labels = Map.copyOf(labels);
    claims = List.copyOf(claims);
    if (replicas < 0) {
      throw new IllegalArgumentException("replicas is " + replicas + "; expected 0 or more");
    }
  }

  /** Returns a set of one replica that asks for a tenth of a CPU and has no claims. */
  public static LabStatefulSet named(String name) {
    return new LabStatefulSet(
        name,
        1,
        Map.of(),
        Map.of(),
        List.of(),
        "100m",
        PodManagement.ORDERED,
        UnaryOperator.identity());
  }

  /** Returns this set with another number of replicas. */
  public LabStatefulSet replicas(int replicas) {
    return new LabStatefulSet(
        name, replicas, annotations, labels, claims, cpu, podManagement, podSpec);
  }

  /** Returns this set with one more annotation in its template. */
  public LabStatefulSet annotation(String key, String value) {
    return new LabStatefulSet(
        name, replicas, plus(annotations, key, value), labels, claims, cpu, podManagement, podSpec);
  }

  /** Returns this set with one more label in its template. */
  public LabStatefulSet label(String key, String value) {
    return new LabStatefulSet(
        name, replicas, annotations, plus(labels, key, value), claims, cpu, podManagement, podSpec);
  }

  /**
   * Returns this set with one more claim of 1Gi for each pod, called {@code
   * <claim>-<set>-<ordinal>}.
   */
  public LabStatefulSet claim(String claim, String storageClass) {
    return claim(new ClaimTemplate(claim, storageClass, "1Gi"));
  }

  /** Returns this set with one more claim for each pod. */
  public LabStatefulSet claim(ClaimTemplate claim) {
    List<ClaimTemplate> more = new ArrayList<>(claims);
    more.add(claim);
    return new LabStatefulSet(
        name, replicas, annotations, labels, more, cpu, podManagement, podSpec);
  }

  /** Returns this set with pods that request {@code cpu}. */
  public LabStatefulSet cpu(String cpu) {
    return new LabStatefulSet(
        name, replicas, annotations, labels, claims, cpu, podManagement, podSpec);
  }

  /** Returns this set with pods that run only on nodes with that label. */
  public LabStatefulSet nodeSelector(String key, String value) {
    return podSpec(spec -> spec.addToNodeSelector(key, value));
  }

  /** Returns this set with pods that have something that there is no word for here. */
  public LabStatefulSet podSpec(UnaryOperator<PodSpecBuilder> more) {
    return new LabStatefulSet(
        name,
        replicas,
        annotations,
        labels,
        claims,
        cpu,
        podManagement,
        spec -> more.apply(podSpec.apply(spec)));
  }

  /** Returns this set with all its pods made at once. */
  public LabStatefulSet parallel() {
    return new LabStatefulSet(
        name, replicas, annotations, labels, claims, cpu, PodManagement.PARALLEL, podSpec);
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> more = new TreeMap<>(map);
    more.put(key, value);
    return more;
  }
}
