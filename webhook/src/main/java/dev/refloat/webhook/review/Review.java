package dev.refloat.webhook.review;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.refloat.admission.PodFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is read of an AdmissionReview, as far as it is there.
 *
 * <p>Each record says itself that it ignores what it does not know. Were it only said to the
 * mapper, Jackson would keep all of it in memory until the record is complete.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/api/admission/v1/types.go">types.go</a>
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Review(@Nullable String apiVersion, @Nullable String kind, @Nullable Request request) {

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Request(
      @Nullable String uid,
      @Nullable Resource resource,
      @Nullable String subResource,
      @Nullable String operation,
      @Nullable String namespace,
      @Nullable String name,
      boolean dryRun,
      @Nullable Pod object) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Resource(@Nullable String group, @Nullable String resource) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Pod(@Nullable Metadata metadata, @Nullable Spec spec) {}

  /**
   * @param labels ours; null if the pod has no labels at all, so that a patch must make the map
   * @param annotations ours
   * @param ownerReferences the one that is the controller
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Metadata(
      @Nullable String name,
      @Nullable String generateName,
      @JsonDeserialize(using = Parts.OurEntries.class) @Nullable Map<String, String> labels,
      @JsonDeserialize(using = Parts.OurEntries.class) @Nullable Map<String, String> annotations,
      @JsonDeserialize(using = Parts.ControllerReference.class)
          PodFacts.@Nullable Controller ownerReferences) {}

  /**
   * @param volumes the names of the claims among them
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Spec(@JsonDeserialize(using = Parts.ClaimNames.class) @Nullable List<String> volumes) {}
}
