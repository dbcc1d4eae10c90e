package dev.refloat.controller.survey;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads a list to its end, page by page, keeping of each object only the small record that is
 * needed.
 *
 * <p>All pages come from one snapshot of the server, so that what is in none of them was not there.
 * A continue token that expired fails the whole list: half a list proves nothing.
 */
public final class Pages {

  private static final long PAGE = 500;

  private Pages() {}

  /**
   * @param read asks for one page
   * @param wanted which objects are kept at all
   * @param small what is kept of them
   * @throws KubernetesClientException if any page could not be read
   */
  public static <T extends HasMetadata, L extends KubernetesResourceList<T>, R> List<R> all(
      Function<ListOptions, L> read, Predicate<T> wanted, Function<T, R> small) {
    List<R> kept = new ArrayList<>();
    Optional<String> next = Optional.of("");
    while (next.isPresent()) {
      ListOptionsBuilder options = new ListOptionsBuilder().withLimit(PAGE);
      next.filter(token -> !token.isEmpty()).ifPresent(options::withContinue);
      L page = read.apply(options.build());
      page.getItems().stream().filter(wanted).map(small).forEach(kept::add);
      next =
          Optional.ofNullable(page.getMetadata().getContinue()).filter(token -> !token.isEmpty());
    }
    return List.copyOf(kept);
  }
}
