package dev.refloat.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.settings.LogFormat;
import dev.refloat.settings.LogLevel;
import dev.refloat.settings.LogSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogsTest {

  private final Logger ours = LoggerFactory.getLogger("dev.refloat.controller.Watch");
  private final Logger library = LoggerFactory.getLogger("io.fabric8.kubernetes.client.Any");

  @AfterEach
  void back_to_quiet() {
    Logs.configure(new LogSettings(LogLevel.ERROR, LogFormat.TEXT));
  }

  @Test
  void libraries_speak_up_from_warn_on() {
    Logs.configure(new LogSettings(LogLevel.INFO, LogFormat.TEXT));

    assertThat(ours.isInfoEnabled()).isTrue();
    assertThat(ours.isDebugEnabled()).isFalse();
    assertThat(library.isWarnEnabled()).isTrue();
    assertThat(library.isInfoEnabled()).isFalse();
  }

  @Test
  void libraries_say_a_little_more_at_debug_but_never_whole_objects() {
    Logs.configure(new LogSettings(LogLevel.DEBUG, LogFormat.JSON));

    assertThat(ours.isDebugEnabled()).isTrue();
    assertThat(library.isInfoEnabled()).isTrue();
    assertThat(library.isDebugEnabled()).isFalse();
  }

  @Test
  void nobody_warns_where_only_errors_are_wanted() {
    Logs.configure(new LogSettings(LogLevel.ERROR, LogFormat.JSON));

    assertThat(ours.isWarnEnabled()).isFalse();
    assertThat(library.isWarnEnabled()).isFalse();
    assertThat(library.isErrorEnabled()).isTrue();
  }
}
