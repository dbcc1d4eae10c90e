package dev.refloat.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExcerptsTest {

  static Stream<Arguments> excerpts() {
    return Excerpts.all().entrySet().stream()
        .map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  @ParameterizedTest
  @MethodSource("excerpts")
  void what_is_named_is_there_to_be_read(Class<?> type, Class<?> excerpt) {
    assertThat(propertiesOf(type)).containsAll(namedOf(excerpt));
  }

  /** A misspelt name would be a field that is always absent. */
  private static List<String> namedOf(Class<?> excerpt) {
    return Stream.concat(
            Optional.ofNullable(excerpt.getAnnotation(JsonIncludeProperties.class)).stream()
                .flatMap(named -> Arrays.stream(named.value())),
            Optional.ofNullable(excerpt.getAnnotation(JsonIgnoreProperties.class)).stream()
                .flatMap(named -> Arrays.stream(named.value())))
        .toList();
  }

  private static List<String> propertiesOf(Class<?> type) {
    ObjectMapper mapper = new ObjectMapper();
    BeanDescription description =
        mapper.getDeserializationConfig().introspect(mapper.constructType(type));
    return description.findProperties().stream().map(BeanPropertyDefinition::getName).toList();
  }

  @Test
  void what_is_not_named_is_skipped_and_not_kept_as_something_unknown() {
    Pod served =
        Served.to(
            new PodBuilder()
                .withNewMetadata()
                .withName("db-0")
                .addNewManagedField()
                .withManager("kubelet")
                .endManagedField()
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .addNewContainer()
                .withName("app")
                .endContainer()
                .endSpec()
                .build());

    assertThat(served)
        .isEqualTo(
            new PodBuilder()
                .withNewMetadata()
                .withName("db-0")
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .endSpec()
                .build());
  }
}
