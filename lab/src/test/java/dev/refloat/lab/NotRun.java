package dev.refloat.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Tells on standard output, when all tests are over, which of them were not run, and why; {@code
 * .ci/run} tells it last once more. A test that was not run must not look like one that is green.
 */
public final class NotRun implements TestExecutionListener {

  /** The tests of each reason. */
  private final Map<String, List<String>> byReason = Collections.synchronizedMap(new TreeMap<>());

  private final Consumer<String> teller;

  private Optional<TestPlan> plan = Optional.empty();

  /** For JUnit: tells on standard output. */
  public NotRun() {
    this(System.out::println);
  }

  NotRun(Consumer<String> teller) {
    this.teller = teller;
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = Optional.of(started);
  }

  @Override
  public void executionSkipped(TestIdentifier skipped, String reason) {
    if (isLast(skipped)) {
      add(skipped, reason);
    } else {
      plan.orElseThrow().getDescendants(skipped).stream()
          .filter(this::isLast)
          .forEach(test -> add(test, reason));
    }
  }

  /** A test, or a template of tests that nobody has asked for its tests. */
  private boolean isLast(TestIdentifier one) {
    return plan.orElseThrow().getChildren(one).isEmpty();
  }

  @Override
  public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      add(
          finished,
          result
              .getThrowable()
              .map(Throwable::getMessage)
              .orElse("an assumption did not hold")
              .lines()
              .collect(Collectors.joining(" ")));
    }
  }

  private void add(TestIdentifier test, String reason) {
    byReason.computeIfAbsent(reason, _ -> new ArrayList<>()).add(nameOf(test));
  }

  private static String nameOf(TestIdentifier test) {
    return test.getSource()
        .map(
            source ->
                switch (source) {
                  case MethodSource method ->
                      "%s.%s".formatted(simpleName(method.getClassName()), method.getMethodName());
                  case ClassSource type -> simpleName(type.getClassName());
                  default -> test.getDisplayName();
                })
        .orElse(test.getDisplayName());
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  @Override
  public void testPlanExecutionFinished(TestPlan finished) {
    String words = words();
    if (!words.isEmpty()) {
      teller.accept(words);
    }
  }

  /** Returns the tests that were not run, by reason; empty if all were. */
  private String words() {
    StringBuilder words = new StringBuilder();
    byReason.forEach(
        (reason, tests) -> {
          words.append("NOT RUN, %d in all: %s%n".formatted(tests.size(), reason));
          tests.stream().sorted().forEach(test -> words.append("  ").append(test).append("\n"));
        });
    return words.toString();
  }
}
