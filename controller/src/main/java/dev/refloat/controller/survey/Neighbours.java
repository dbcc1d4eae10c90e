package dev.refloat.controller.survey;

import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All pods of a namespace, by complete LISTs that surveys share for a while, with those that are
 * suspected as young as the watch has told. So a list of thousands is not asked for again because
 * one of them has changed.
 */
final class Neighbours {

  private final Shared<String, List<Pod>> lists;
  private final BiFunction<String, String, Optional<Pod>> one;

  /**
   * @param sharedFor how long after it came a list serves others
   * @param list returns the pods of a namespace; throws where it could not be read to its end
   * @param one returns one pod, by namespace and name; empty where it answered 404
   */
  Neighbours(
      Duration sharedFor,
      InstantSource time,
      Function<String, List<Pod>> list,
      BiFunction<String, String, Optional<Pod>> one) {
    this.lists = new Shared<>(sharedFor, time, list);
    this.one = one;
  }

  /**
   * Returns the pods.
   *
   * @param suspects each in the version that the watch knows
   * @param suspectsFrom if the list is from before this time, each suspect that it does not have in
   *     that version is read by itself
   * @param notBefore the list is not to be from before this time
   */
  Shared.Answer<List<Pod>> of(
      String namespace, Collection<ObjectId> suspects, Instant suspectsFrom, Instant notBefore) {
    Shared.Answer<List<Pod>> listed = lists.get(namespace, notBefore);
    return listed.asked().isBefore(suspectsFrom)
        ? new Shared.Answer<>(
            upToDate(namespace, listed.value(), suspects), listed.asked(), listed.came())
        : listed;
  }

  private List<Pod> upToDate(String namespace, List<Pod> listed, Collection<ObjectId> suspects) {
    Set<ObjectId> missing = new HashSet<>(suspects);
    listed.forEach(pod -> missing.remove(pod.id()));
    if (missing.isEmpty()) {
      return listed;
    }
    Set<String> names = missing.stream().map(ObjectId::name).collect(Collectors.toSet());
    List<Pod> pods = new ArrayList<>(listed);
    pods.removeIf(pod -> names.contains(pod.name()));
    names.forEach(name -> one.apply(namespace, name).ifPresent(pods::add));
    return List.copyOf(pods);
  }

  /** Forgets lists that serve nobody any more. */
  void tidy() {
    lists.tidy();
  }
}
