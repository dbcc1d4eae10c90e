package dev.refloat.webhook.review;

import dev.refloat.admission.Marks;
import dev.refloat.admission.PodFacts;
import dev.refloat.admission.SetFacts;
import dev.refloat.kube.ClassNames;
import dev.refloat.optin.Names;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From what was read to what is asked. Here null ends. */
final class Questions {

  private static final Set<String> PODS_AND_THEIR_STATUS = Set.of("", "status");

  private Questions() {}

  /** What came of looking what is asked. */
  sealed interface Understanding {}

  record Understood(Question question) implements Understanding {}

  /** A review of something that we have no say in. */
  record NotOurs() implements Understanding {}

  /** An object is missing that the API server always sends. */
  record Incomplete(String why) implements Understanding {}

  static Understanding of(Review.Request request) {
    Review.@Nullable Resource resource = request.resource();
    String what = resource == null ? "" : text(resource.group()) + "/" + text(resource.resource());
    String subresource = text(request.subResource());
    String operation = text(request.operation());
    if (what.equals("/pods") && operation.equals("CREATE") && subresource.isEmpty()) {
      return podCreated(request);
    }
    // Labels can be changed by way of the status, too. A binding can, but then the pod has its
    // node.
    if (what.equals("/pods")
        && operation.equals("UPDATE")
        && PODS_AND_THEIR_STATUS.contains(subresource)) {
      return podChanged(request);
    }
    if (what.equals("apps/statefulsets") && subresource.isEmpty()) {
      return switch (operation) {
        case "CREATE" -> setCreated(request);
        case "UPDATE" -> setChanged(request);
        default -> new NotOurs();
      };
    }
    return new NotOurs();
  }

  private static Understanding podCreated(Review.Request request) {
    return pod(request, request.object())
        .<Understanding>map(
            pod -> new Understood(new Question.PodCreated(pod, hasLabels(request.object()))))
        .orElseGet(
            () -> new Incomplete("the request creates a pod and has no object with metadata"));
  }

  private static Understanding podChanged(Review.Request request) {
    Optional<PodFacts> before = pod(request, request.oldObject());
    Optional<PodFacts> now = pod(request, request.object());
    return before.isPresent() && now.isPresent()
        ? new Understood(new Question.PodChanged(before.get(), now.get()))
        : new Incomplete("the request changes a pod and lacks object or oldObject");
  }

  private static Understanding setCreated(Review.Request request) {
    return set(request, request.object())
        .<Understanding>map(
            set ->
                new Understood(
                    new Question.SetWritten(text(request.namespace()), Optional.empty(), set)))
        .orElseGet(
            () ->
                new Incomplete(
                    "the request creates a StatefulSet and has no object with metadata"));
  }

  private static Understanding setChanged(Review.Request request) {
    Optional<SetFacts> before = set(request, request.oldObject());
    Optional<SetFacts> now = set(request, request.object());
    return before.isPresent() && now.isPresent()
        ? new Understood(new Question.SetWritten(text(request.namespace()), before, now.get()))
        : new Incomplete("the request changes a StatefulSet and lacks object or oldObject");
  }

  private static boolean hasLabels(Review.@Nullable Written written) {
    return written != null && written.metadata() != null && written.metadata().labels() != null;
  }

  private static Optional<PodFacts> pod(Review.Request request, Review.@Nullable Written written) {
    Review.@Nullable Metadata metadata = written == null ? null : written.metadata();
    if (written == null || metadata == null) {
      return Optional.empty();
    }
    Review.@Nullable Spec spec = written.spec();
    Set<String> claims = new LinkedHashSet<>();
    mounts(spec == null ? null : spec.volumes()).forEach(mount -> claims.add(mount.claim()));
    return Optional.of(
        new PodFacts(
            text(request.namespace()),
            name(request, metadata),
            ours(metadata.labels()),
            ours(metadata.annotations()),
            Optional.ofNullable(metadata.ownerReferences()),
            List.copyOf(claims)));
  }

  private static Optional<SetFacts> set(Review.Request request, Review.@Nullable Written written) {
    Review.@Nullable Metadata metadata = written == null ? null : written.metadata();
    if (written == null || metadata == null) {
      return Optional.empty();
    }
    Review.@Nullable Spec spec = written.spec();
    if (spec == null) {
      return Optional.of(
          new SetFacts(
              name(request, metadata), 1, marks(metadata), Marks.NONE, List.of(), List.of()));
    }
    List<SetFacts.ClaimTemplate> templates =
        Optional.ofNullable(spec.volumeClaimTemplates()).orElse(List.of()).stream()
            .map(Questions::claimTemplate)
            .toList();
    Review.@Nullable Template template = spec.template();
    return Optional.of(
        new SetFacts(
            name(request, metadata),
            // As the API server defaults it.
            spec.replicas() == null ? 1 : spec.replicas(),
            marks(metadata),
            template == null ? Marks.NONE : marks(template.metadata()),
            template == null ? List.of() : mountedByName(template.spec(), templates),
            templates));
  }

  /** A volume of the name of a claim template is replaced by a claim from that template. */
  private static List<String> mountedByName(
      Review.@Nullable TemplateSpec spec, Collection<SetFacts.ClaimTemplate> templates) {
    Set<String> replaced =
        templates.stream().map(SetFacts.ClaimTemplate::name).collect(Collectors.toSet());
    Set<String> claims = new LinkedHashSet<>();
    for (Review.Mount mount : mounts(spec == null ? null : spec.volumes())) {
      if (!replaced.contains(mount.volume())) {
        claims.add(mount.claim());
      }
    }
    return List.copyOf(claims);
  }

  private static SetFacts.ClaimTemplate claimTemplate(Review.ClaimTemplate template) {
    Review.@Nullable Metadata metadata = template.metadata();
    Review.@Nullable ClaimSpec spec = template.spec();
    return new SetFacts.ClaimTemplate(
        metadata == null ? "" : text(metadata.name()),
        marks(metadata),
        ClassNames.of(
                metadata == null ? null : metadata.annotations(),
                spec == null ? null : spec.storageClassName())
            .filter(name -> !name.isEmpty()));
  }

  private static String name(Review.Request request, Review.Metadata metadata) {
    return Optional.ofNullable(metadata.name())
        .or(() -> Optional.ofNullable(metadata.generateName()))
        .orElse(text(request.name()));
  }

  private static Marks marks(Review.@Nullable Metadata metadata) {
    return metadata == null
        ? Marks.NONE
        : Marks.of(ours(metadata.labels()), ours(metadata.annotations()));
  }

  private static Map<String, String> ours(@Nullable Map<String, String> entries) {
    Map<String, String> ours = new TreeMap<>();
    if (entries != null) {
      entries.forEach(
          (name, value) -> {
            if (name.startsWith(Names.PREFIX)) {
              ours.put(name, value);
            }
          });
    }
    return ours;
  }

  private static List<Review.Mount> mounts(@Nullable List<Review.Mount> mounts) {
    return mounts == null ? List.of() : mounts;
  }

  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
