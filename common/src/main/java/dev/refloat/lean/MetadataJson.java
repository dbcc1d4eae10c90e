package dev.refloat.lean;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.PodMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code metadata} as it is sent, as far as anybody here reads it. */
@JsonIgnoreProperties(ignoreUnknown = true)
record MetadataJson(
    @Nullable String namespace,
    @Nullable String name,
    @Nullable String uid,
    @Nullable String resourceVersion,
    @Nullable String creationTimestamp,
    @Nullable String deletionTimestamp,
    @JsonDeserialize(using = OurAnnotations.class) @Nullable Map<String, String> annotations,
    @Nullable List<OwnerJson> ownerReferences) {

  @JsonIgnoreProperties(ignoreUnknown = true)
  record OwnerJson(
      @Nullable String kind,
      @Nullable String name,
      @Nullable String uid,
      @Nullable Boolean controller) {}

  PodMetadata facts() {
    return new PodMetadata(
        new ObjectId(text(namespace), text(name), text(uid), text(resourceVersion)),
        Optional.ofNullable(creationTimestamp).map(Times::parse).orElse(Instant.EPOCH),
        Optional.ofNullable(deletionTimestamp).map(Times::parse),
        annotations == null ? Map.of() : annotations,
        owners().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.controller()))
            .findFirst()
            .map(
                owner -> new Pod.Owner(text(owner.kind()), text(owner.name()), text(owner.uid()))));
  }

  private List<OwnerJson> owners() {
    return ownerReferences == null ? List.of() : ownerReferences;
  }

  private static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
