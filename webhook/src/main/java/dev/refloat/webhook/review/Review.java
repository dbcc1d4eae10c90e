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

  /**
   * @param object the object as it is to be
   * @param oldObject the object as it is
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Request(
      @Nullable String uid,
      @Nullable Resource resource,
      @Nullable String subResource,
      @Nullable String operation,
      @Nullable String namespace,
      @Nullable String name,
      boolean dryRun,
      @Nullable UserInfo userInfo,
      @Nullable Written object,
      @Nullable Written oldObject) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Resource(@Nullable String group, @Nullable String resource) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record UserInfo(@Nullable String username) {}

  /** A pod or a StatefulSet. Which of them is not known before all is read. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Written(@Nullable Metadata metadata, @Nullable Spec spec) {}

  /**
   * @param labels ours; null if there are no labels at all, so that a patch must make the map
   * @param annotations ours, and the one that names a claim's class
   * @param ownerReferences the one that is the controller
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Metadata(
      @Nullable String name,
      @Nullable String generateName,
      @JsonDeserialize(using = Parts.Entries.class) @Nullable Map<String, String> labels,
      @JsonDeserialize(using = Parts.Entries.class) @Nullable Map<String, String> annotations,
      @JsonDeserialize(using = Parts.ControllerReference.class)
          PodFacts.@Nullable Controller ownerReferences) {}

  /**
   * @param volumes of a pod: those that are claims
   * @param replicas of a set
   * @param template of a set's pods
   * @param volumeClaimTemplates of a set
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Spec(
      @JsonDeserialize(using = Parts.Mounts.class) @Nullable List<Mount> volumes,
      @Nullable Integer replicas,
      @Nullable Template template,
      @JsonDeserialize(using = Parts.ClaimTemplates.class)
          @Nullable List<ClaimTemplate> volumeClaimTemplates) {}

  /** A volume of a pod that is a claim. */
  record Mount(String volume, String claim) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Template(@Nullable Metadata metadata, @Nullable TemplateSpec spec) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record TemplateSpec(@JsonDeserialize(using = Parts.Mounts.class) @Nullable List<Mount> volumes) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record ClaimTemplate(@Nullable Metadata metadata, @Nullable ClaimSpec spec) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record ClaimSpec(@Nullable String storageClassName) {}
}
