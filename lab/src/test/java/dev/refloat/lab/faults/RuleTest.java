package dev.refloat.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

  private static final Request DELETE = Request.of("DELETE", "/api/v1/namespaces/a/pods/p");
  private static final Request GET = Request.of("GET", "/api/v1/namespaces/a/pods/p");

  @Test
  void is_for_the_nth_request_that_it_is_about() {
    Rule second = new Rule(Requests.delete("pods"), Fault.cutBefore(), 2, 2);

    assertThat(second.meets(DELETE)).isFalse();
    assertThat(second.meets(GET)).isFalse();
    assertThat(second.meets(DELETE)).isTrue();
    assertThat(second.meets(DELETE)).isFalse();
  }

  @Test
  void is_for_no_request_once_it_is_lifted() {
    Rule always = new Rule(Requests.delete("pods"), Fault.cutBefore(), 1, Long.MAX_VALUE);
    assertThat(always.meets(DELETE)).isTrue();

    always.lift();

    assertThat(always.meets(DELETE)).isFalse();
  }

  @Test
  void of_several_the_first_has_its_way_and_all_count() {
    Rules rules = new Rules();
    Rule first = rules.add(new Rule(Requests.writes(), Fault.cutBefore(), 1, 1));
    Rule second = rules.add(new Rule(Requests.delete("pods"), Fault.cutAfter(), 2, 2));

    assertThat(rules.meet(DELETE)).contains(first);
    assertThat(rules.meet(DELETE)).contains(second);
    assertThat(rules.meet(DELETE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 410, 600})
  void of_an_answer_that_would_be_a_lie_about_the_world_is_a_mistake(int status) {
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(status));
  }
}
