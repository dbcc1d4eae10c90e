package dev.refloat.release.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.release.ReleaseFailed;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectTextTest {

  private static final String MANIFEST =
      """
      # Of all.
      kind: ConfigMap
      metadata:
        name: one
        labels: {a: b, dev.refloat/c: "d"}
      data:
        # The first 😀.
        first: "1" # one
        # The second.
        second: |
          several
          lines

        # Nobody's.
      ---
      kind: Deployment
      metadata:
        name: two
      spec:
        replicas: 2 # two
        containers:
          - name: app
            limits:
              memory: 128Mi
              # None of CPU.
        # Tolerates much.
        tolerations: []
      """;

  private static ObjectText object(String name) {
    return ObjectText.in(MANIFEST).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String opened(String name, Opening... openings) {
    return object(name).opened(List.of(openings));
  }

  @Test
  void objects_are_known_by_kind_and_name() {
    assertThat(ObjectText.in(MANIFEST)).hasToString("[ConfigMap one, Deployment two]");
  }

  @Test
  void nothing_is_said_otherwise_where_nothing_is_opened() {
    assertThat(opened("ConfigMap one") + opened("Deployment two")).isEqualTo("---\n" + MANIFEST);
  }

  @Test
  void what_another_template_is_to_read_is_no_action_of_this_one() {
    ObjectText alert =
        ObjectText.in("kind: Rule\nmetadata: {name: one}\nsays: '{{ $value }} pods'\n").getFirst();

    assertThat(alert.opened(List.of(new Opening.Value("/metadata/name", "{{ .Release.Name }}"))))
        .contains("says: '{{ \"{{\" }} $value }} pods'\n")
        .contains("name: {{ .Release.Name }}}");
  }

  @Test
  void a_value_alone_is_replaced_and_what_is_said_of_it_stays() {
    assertThat(
            opened(
                "Deployment two",
                new Opening.Value("/spec/replicas", "{{ .Values.replicas }}"),
                new Opening.Value("/spec/tolerations", "{{ .Values.tolerations }}")))
        .contains("  replicas: {{ .Values.replicas }} # two\n")
        .contains("  # Tolerates much.\n  tolerations: {{ .Values.tolerations }}\n");
  }

  @Test
  void a_block_ends_with_its_last_value() {
    assertThat(
            opened(
                "Deployment two", new Opening.Value("/spec/containers/0/limits", "{{- limits }}")))
        .contains("      limits: {{- limits }}\n        # None of CPU.\n  # Tolerates much.\n");
    assertThat(opened("ConfigMap one", new Opening.Value("/data", "{}")))
        .endsWith("data: {}\n\n  # Nobody's.\n");
  }

  @Test
  void places_after_characters_that_are_two_for_java_are_found() {
    assertThat(opened("ConfigMap one", new Opening.Value("/data/first", "{{ .Values.first }}")))
        .contains("  # The first 😀.\n  first: {{ .Values.first }} # one\n");
  }

  @Test
  void a_slash_of_a_key_is_escaped() {
    assertThat(opened("ConfigMap one", new Opening.Value("/metadata/labels/dev.refloat~1c", "e")))
        .contains("labels: {a: b, dev.refloat/c: e}\n");
  }

  @Test
  void lines_follow_a_value_and_are_indented_like_its_key() {
    assertThat(
            opened(
                "Deployment two",
                new Opening.Then("/spec/containers/0/limits", "{{- with x }}\nimage: {{ . }}\n"),
                new Opening.Then("/spec/containers/0/limits", "{{- end }}")))
        .contains(
            """
                    memory: 128Mi
                  {{- with x }}
                  image: {{ . }}
                  {{- end }}
                    # None of CPU.
            """);
  }

  @Test
  void an_object_is_there_on_a_condition_or_not_at_all() {
    assertThat(opened("ConfigMap one", new Opening.Around("if .Values.one")))
        .startsWith("{{- if .Values.one }}\n---\n# Of all.\n")
        .endsWith("# Nobody's.\n{{- end }}\n");
    assertThat(opened("ConfigMap one", new Opening.LeftOut())).isEmpty();
  }

  @Test
  void two_openings_at_one_place_are_told() {
    assertThatThrownBy(
            () ->
                opened(
                    "Deployment two",
                    new Opening.Value("/spec/containers", "x"),
                    new Opening.Value("/spec/containers/0/name", "y")))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessageContaining("two openings of Deployment two");
  }

  @Test
  void a_place_that_is_not_there_is_told() {
    assertThatThrownBy(() -> opened("Deployment two", new Opening.Value("/spec/paused", "true")))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessage("there is no /spec/paused in Deployment two: not even paused");
    assertThatThrownBy(
            () -> opened("Deployment two", new Opening.Value("/spec/containers/app/name", "")))
        .hasMessage("there is no /spec/containers/app/name in Deployment two: not even app");
    assertThatThrownBy(() -> opened("Deployment two", new Opening.Value("spec", "")))
        .hasMessage("expected a place like /spec/replicas, got \"spec\"");
  }
}
