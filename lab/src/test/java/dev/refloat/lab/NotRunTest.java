package dev.refloat.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class NotRunTest {

  @Disabled("it rains")
  static class Outside {
    @Test
    void walks() {}

    @RepeatedTest(3)
    void runs() {}
  }

  static class Inside {
    @Test
    void reads() {}

    @Test
    void sleeps() {
      assumeThat(1).as("it is night").isEqualTo(2);
    }

    @Test
    @Disabled("it rains")
    void dries() {}
  }

  private static String wordsAfter(Class<?>... tests) {
    StringBuilder told = new StringBuilder();
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false");
    for (Class<?> test : tests) {
      request.selectors(selectClass(test));
    }
    LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
        .execute(request.build(), new NotRun(told::append));
    return told.toString();
  }

  @Test
  void names_each_test_that_was_not_run_under_its_reason() {
    assertThat(wordsAfter(Outside.class, Inside.class))
        .contains(
            """
            NOT RUN, 3 in all: it rains
              NotRunTest$Inside.dries
              NotRunTest$Outside.runs
              NotRunTest$Outside.walks
            """)
        .containsPattern("NOT RUN, 1 in all: .*it is night")
        .doesNotContain("reads");
  }
}
