package dev.refloat.lab.faults;

import java.util.Arrays;
import java.util.List;

/**
 * A request, as the API server understands it.
 *
 * @param resource the plural, such as {@code pods}; empty for a path that is about no resource
 * @param namespace empty for what is cluster-wide, and for all namespaces
 * @param name empty for a collection
 * @param subresource such as {@code status}; mostly empty
 * @param target path and query, as they were sent
 */
public record Request(
    Verb verb, String resource, String namespace, String name, String subresource, String target) {

  /**
   * Returns what {@code method} and {@code target} ask for, by the rules of <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go">requestinfo.go</a>.
   * The deprecated {@code /watch/} paths are not told apart.
   */
  static Request of(String method, String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    List<String> parts = Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    int prefix = parts.isEmpty() ? 0 : prefix(parts.getFirst());
    if (prefix == 0 || parts.size() <= prefix) {
      return new Request(verb(method, query, true), "", "", "", "", target);
    }
    List<String> object = parts.subList(prefix, parts.size());
    String namespace = "";
    if (isInNamespace(object)) {
      namespace = object.get(1);
      object = object.subList(2, object.size());
    }
    String name = part(object, 1);
    return new Request(
        verb(method, query, !name.isEmpty()),
        object.getFirst(),
        namespace,
        name,
        part(object, 2),
        target);
  }

  /** How many parts come before the resource; 0 if there is none. */
  private static int prefix(String root) {
    return switch (root) {
      case "api" -> 2;
      case "apis" -> 3;
      default -> 0;
    };
  }

  /** A namespace is an object too, with subresources of its own. */
  private static boolean isInNamespace(List<String> object) {
    return object.getFirst().equals("namespaces")
        && object.size() > 2
        && !object.get(2).equals("status")
        && !object.get(2).equals("finalize");
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  private static Verb verb(String method, String query, boolean named) {
    return switch (method) {
      case "GET", "HEAD" -> isWatch(query) ? Verb.WATCH : named ? Verb.GET : Verb.LIST;
      case "POST" -> Verb.CREATE;
      case "PUT" -> Verb.UPDATE;
      case "PATCH" -> Verb.PATCH;
      case "DELETE" -> named ? Verb.DELETE : Verb.DELETE_COLLECTION;
      default -> throw new IllegalArgumentException("method is " + method + "; expected a verb");
    };
  }

  private static boolean isWatch(String query) {
    return Arrays.stream(query.split("&"))
        .anyMatch(parameter -> parameter.equals("watch=true") || parameter.equals("watch=1"));
  }

  @Override
  public String toString() {
    return verb + " " + target;
  }
}
