package dev.refloat.lean;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is to be listed. Selectors are evaluated by the API server; empty ones select everything.
 *
 * @param path such as {@code api/v1/pods}
 */
public record ListRequest(
    String path, String labelSelector, String fieldSelector, Freshness freshness) {

  private static final int PAGE = 500;

  /** Returns a request for pods, in one namespace or in all. */
  public static ListRequest pods(
      Optional<String> namespace, String labelSelector, String fieldSelector, Freshness freshness) {
    return new ListRequest(
        namespace.map(name -> "api/v1/namespaces/" + name + "/pods").orElse("api/v1/pods"),
        labelSelector,
        fieldSelector,
        freshness);
  }

  /** Returns the relative address of a page; an empty token means the first. */
  String page(String token) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("labelSelector", labelSelector);
    query.put("fieldSelector", fieldSelector);
    query.put("limit", Integer.toString(PAGE));
    query.put("continue", token);
    if (token.isEmpty()) {
      // A token says of which version it is.
      query.put("resourceVersion", freshness.resourceVersion().orElse(""));
    }
    return path
        + "?"
        + query.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .map(
                each ->
                    each.getKey()
                        + "="
                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
  }
}
