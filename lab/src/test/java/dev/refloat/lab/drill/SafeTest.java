package dev.refloat.lab.drill;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"prod", "eu-prod-1", "PRODUCTION", "shop_live", "gke_acme_prd-eu", "live2"})
  void a_context_that_looks_like_production_must_be_meant(String context) {
    assertThatThrownBy(() -> Safe.isNoProduction(context, false))
        .isInstanceOf(DrillRefused.class)
        .hasMessageContaining(context)
        .hasMessageContaining("--yes");
    assertThatCode(() -> Safe.isNoProduction(context, true)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"refloat-lab", "staging", "delivery", "products-test", "olive", "reproducer"})
  void other_contexts_need_no_word(String context) {
    assertThatCode(() -> Safe.isNoProduction(context, false)).doesNotThrowAnyException();
  }
}
