package dev.refloat.lab.faults;

import java.util.Optional;
import java.util.Set;

/**
 * Which requests are meant: those of any of these verbs that are about any of these resources.
 *
 * <pre>{@code
 * Requests.delete("persistentvolumeclaims").named("data-db-0")
 * Requests.writes("persistentvolumes", "pods")
 * }</pre>
 *
 * @param resources plurals; empty for all
 * @param name empty for all
 */
public record Requests(Set<Verb> verbs, Set<String> resources, Optional<String> name) {

  public Requests {
    verbs = Set.copyOf(verbs);
    resources = Set.copyOf(resources);
  }

  public static Requests get(String resource) {
    return of(Verb.GET, resource);
  }

  public static Requests list(String resource) {
    return of(Verb.LIST, resource);
  }

  public static Requests watch(String resource) {
    return of(Verb.WATCH, resource);
  }

  public static Requests create(String resource) {
    return of(Verb.CREATE, resource);
  }

  public static Requests update(String resource) {
    return of(Verb.UPDATE, resource);
  }

  public static Requests patch(String resource) {
    return of(Verb.PATCH, resource);
  }

  public static Requests delete(String resource) {
    return of(Verb.DELETE, resource);
  }

  /** Returns everything that reads {@code resources}; any resource if none is named. */
  public static Requests reads(String... resources) {
    return new Requests(Verb.READS, Set.of(resources), Optional.empty());
  }

  /** Returns everything that writes {@code resources}; any resource if none is named. */
  public static Requests writes(String... resources) {
    return new Requests(Verb.WRITES, Set.of(resources), Optional.empty());
  }

  private static Requests of(Verb verb, String resource) {
    return new Requests(Set.of(verb), Set.of(resource), Optional.empty());
  }

  /** Returns those of these that are about the object called {@code name}. */
  public Requests named(String name) {
    return new Requests(verbs, resources, Optional.of(name));
  }

  /** Returns whether {@code request} is one of these. */
  public boolean include(Request request) {
    return verbs.contains(request.verb())
        && (resources.isEmpty() || resources.contains(request.resource()))
        && name.map(request.name()::equals).orElse(true);
  }
}
