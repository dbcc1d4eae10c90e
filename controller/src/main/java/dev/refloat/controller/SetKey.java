package dev.refloat.controller;

import dev.refloat.recovery.Pod;
import java.util.Optional;

/** A StatefulSet by name: the unit of work. Its pods are never worked on at the same time. */
public record SetKey(String namespace, String name) {

  /** The set that a pod says it belongs to; empty for any other pod. */
  public static Optional<SetKey> of(Pod pod) {
    return pod.controller()
        .filter(Pod.Owner::isStatefulSet)
        .map(owner -> new SetKey(pod.id().namespace(), owner.name()));
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
