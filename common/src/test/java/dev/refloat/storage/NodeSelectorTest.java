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
    "rack, Gt, 006, true",
    "room, Gt, 1, false",
    "absent, Lt, 1, false",
    "rack, Gt, x, false",
    "rack, Gt, '', false",
    "rack, Gt, 1|2, false",
    "rack, Lt, 9223372036854775807, true",
    "rack, Lt, 9223372036854775808, false",
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

  @ParameterizedTest
  @CsvSource({
    "rack, Gt, -3",
    "rack, Gt, +3",
    "disk, NotIn, no label!",
    "disk, NotIn, -hdd",
    "disk, NotIn, hdd-",
    "disk, NotIn, a-value-of-more-than-sixty-three-characters-which-is-one-too-many",
    "disk, NotIn, ''",
    "disk, Exists, ssd",
    "absent, DoesNotExist, ssd"
  })
  void a_term_that_cannot_be_parsed_matches_nothing(String key, String operator, String values) {
    NodeSelector.Term term = term(requirement(key, operator, values));

    assertThat(selector(term).matchesVolumeOn(NODE)).isFalse();
    assertThat(selector(term).matchesNode("n1", NODE)).isFalse();
    assertThat(selector(term, term(requirement("disk", "In", "ssd"))).matchesVolumeOn(NODE))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"In, n1|n2", "NotIn, n2|n3", "Exists, ''", "DoesNotExist, ''", "Gt, 1", "Lt, 1"})
  void fields_that_cannot_be_parsed_spoil_their_term_for_volumes_too(
      String operator, String values) {
    NodeSelector selector =
        selector(
            new NodeSelector.Term(
                List.of(requirement("disk", "In", "ssd")),
                List.of(requirement("metadata.name", operator, values))));

    assertThat(selector.matchesVolumeOn(NODE)).isFalse();
    assertThat(selector.matchesNode("n1", NODE)).isFalse();
  }

  @Test
  void a_nodes_name_may_be_longer_than_a_label_value() {
    String name = "n".repeat(200) + ".example";
    NodeSelector byName =
        selector(
            new NodeSelector.Term(List.of(), List.of(requirement("metadata.name", "In", name))));

    assertThat(byName.matchesNode(name, NODE)).isTrue();
  }

  @Test
  void a_label_value_may_be_empty_and_63_long() {
    String longest = "v".repeat(63);
    Map<String, String> node = Map.of("empty", "", "long", longest);

    NodeSelector.Requirement empty =
        new NodeSelector.Requirement("empty", NodeSelector.Operator.IN, List.of(""));

    assertThat(selector(term(empty)).matchesVolumeOn(node)).isTrue();
    assertThat(selector(term(requirement("long", "In", longest))).matchesVolumeOn(node)).isTrue();
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
