package dev.refloat.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSelectorTest {

  private static final Map<String, String> NODE = Map.of("disk", "ssd", "rack", "7", "room", "x");

  @ParameterizedTest
  @CsvSource({
    "disk, In, ssd, true",
    "disk, In, hdd|ssd, true",
    "disk, In, hdd, false",
    "absent, In, ssd, false",
    "disk, NotIn, hdd, true",
    "disk, NotIn, ssd, false",
    "absent, NotIn, ssd, true",
    "disk, Exists, '', true",
    "absent, Exists, '', false",
    "disk, DoesNotExist, '', false",
    "absent, DoesNotExist, '', true",
    "rack, Gt, 6, true",
    "rack, Gt, 7, false",
    "rack, Lt, 8, true",
    "rack, Lt, 7, false",
    "rack, Gt, -3, true",
    "room, Gt, 1, false",
    "absent, Lt, 1, false",
    "rack, Gt, x, false",
    "rack, Gt, 1|2, false",
    "rack, Matches, 7, true"
  })
  void one_requirement(String key, String operator, String values, boolean matches) {
    NodeSelector selector = selector(term(requirement(key, operator, values)));

    assertThat(selector.matchesVolumeOn(NODE)).isEqualTo(matches);
  }

  @Test
  void requirements_are_anded_and_terms_are_ored() {
    NodeSelector.Requirement ssd = requirement("disk", "In", "ssd");
    NodeSelector.Requirement rack9 = requirement("rack", "In", "9");

    assertThat(selector(term(ssd, rack9)).matchesVolumeOn(NODE)).isFalse();
    assertThat(selector(term(rack9), term(ssd)).matchesVolumeOn(NODE)).isTrue();
  }

  @Test
  void an_empty_term_and_no_term_match_nothing() {
    assertThat(selector(term()).matchesVolumeOn(NODE)).isFalse();
    assertThat(selector().matchesVolumeOn(NODE)).isFalse();
  }

  @Test
  void fields_are_not_looked_at_for_volumes_but_for_pods() {
    NodeSelector byName =
        selector(
            new NodeSelector.Term(List.of(), List.of(requirement("metadata.name", "In", "n1"))));

    assertThat(byName.matchesVolumeOn(NODE)).isTrue();
    assertThat(byName.matchesNode("n1", NODE)).isTrue();
    assertThat(byName.matchesNode("n2", NODE)).isFalse();
  }

  private static NodeSelector selector(NodeSelector.Term... terms) {
    return new NodeSelector(List.of(terms));
  }

  private static NodeSelector.Term term(NodeSelector.Requirement... labels) {
    return new NodeSelector.Term(List.of(labels), List.of());
  }

  private static NodeSelector.Requirement requirement(String key, String operator, String values) {
    return new NodeSelector.Requirement(
        key,
        NodeSelector.Operator.of(operator),
        values.isEmpty() ? List.of() : List.of(values.split("\\|", -1)));
  }
}
