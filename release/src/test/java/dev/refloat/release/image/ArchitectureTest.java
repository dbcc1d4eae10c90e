package dev.refloat.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchitectureTest {

  @ParameterizedTest
  @EnumSource
  void is_known_by_what_images_call_it(Architecture architecture) {
    assertThat(Architecture.parse(architecture.platform())).isEqualTo(architecture);
  }

  @Test
  void another_word_is_refused_with_those_that_are_known() {
    assertThatThrownBy(() -> Architecture.parse("linux/riscv64"))
        .hasMessage(
            "\"linux/riscv64\" is no platform that images are made for; expected linux/amd64 or linux/arm64");
  }
}
