package dev.refloat;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.refloat.process.Logs;
import dev.refloat.settings.LogFormat;
import dev.refloat.settings.LogLevel;
import dev.refloat.settings.LogSettings;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What decides knows no I/O, clock, thread, client or log: DESIGN's table of modules. */
class PurityTest {

  static {
    // Otherwise ArchUnit tells of each class that it reads.
    Logs.configure(new LogSettings(LogLevel.WARN, LogFormat.TEXT));
  }

  private static final JavaClasses COMMON =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.refloat");

  private static final String[] CORE = {
    "dev.refloat.storage..",
    "dev.refloat.optin..",
    "dev.refloat.recovery..",
    "dev.refloat.admission..",
    "dev.refloat.settings..",
    "dev.refloat.words.."
  };

  private static final String MAPPING = "dev.refloat.kube..";

  /** Reads lists, and so has to wait. */
  private static final String LISTS = "dev.refloat.lean..";

  /** The one way to say what is allowed that stays true when the JDK or a library grows. */
  private static final String[] VALUES = {
    "dev.refloat..",
    "java.lang",
    "java.lang.annotation",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.math",
    "java.text",
    "java.time..",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "org.jspecify.annotations"
  };

  /** In packages of values, but not values. */
  private static final Set<String> NO_VALUES =
      Set.of(
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.Timer",
          "java.util.TimerTask");

  /** Methods of values that answer differently each time, or reach out. */
  private static final Map<String, Set<String>> NO_FUNCTIONS =
      Map.of(
          "java.lang.System",
          Set.of(
              "currentTimeMillis",
              "nanoTime",
              "getenv",
              "getProperty",
              "getProperties",
              "setProperty",
              "exit",
              "load",
              "loadLibrary",
              "getLogger"),
          "java.util.UUID",
          Set.of("randomUUID"),
          "java.lang.Math",
          Set.of("random"));

  /** Wherever they are declared: of the current moment, or in several threads at once. */
  private static final Set<String> NO_FUNCTIONS_AT_ALL =
      Set.of("parallel", "parallelStream", "shuffle", "wait", "notify", "notifyAll");

  @Test
  void the_core_rests_on_values_of_the_jdk_and_on_nothing_else() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat(
                resideOutsideOfPackages(VALUES)
                    .and(DescribedPredicate.not(isArrayOfPrimitives()))
                    .or(isNoValue())));
  }

  @Test
  void the_mapping_rests_on_values_and_on_the_annotated_model_of_kubernetes() {
    check(
        noClasses()
            .that()
            .resideInAPackage(MAPPING)
            .should()
            .dependOnClassesThat(
                resideOutsideOfPackages(VALUES)
                    .and(resideOutsideOfPackages("io.fabric8.kubernetes.api.model.."))
                    .and(resideOutsideOfPackages("com.fasterxml.jackson.annotation"))
                    .and(DescribedPredicate.not(isArrayOfPrimitives()))
                    .or(isNoValue())));
  }

  @Test
  void nobody_but_the_shell_reads_a_clock_the_environment_or_chance() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.refloat.process..")
            .should()
            .callCodeUnitWhere(isNoFunction())
            .orShould()
            .accessTargetWhere(isStandardStream()));
  }

  @Test
  void the_core_knows_neither_the_mapping_nor_the_lists_nor_the_shell() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat(resideInAnyPackage(MAPPING, LISTS, "dev.refloat.process..")));
  }

  @Test
  void settings_are_the_only_part_of_the_core_that_the_shell_knows() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.refloat.process..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.refloat..")
                    .and(
                        resideOutsideOfPackages(
                            "dev.refloat.process..", "dev.refloat.settings.."))));
  }

  private static void check(ArchRule rule) {
    // The packages fill up one after the other.
    rule.allowEmptyShould(true).check(COMMON);
  }

  private static DescribedPredicate<JavaClass> isNoValue() {
    return DescribedPredicate.describe(
        "are no values",
        type ->
            NO_VALUES.contains(type.getName())
                || type.getName().startsWith("java.time.Clock")
                || type.getName().startsWith("java.lang.Thread$"));
  }

  private static DescribedPredicate<JavaClass> isArrayOfPrimitives() {
    return DescribedPredicate.describe(
        "are primitives or arrays of them", type -> type.getBaseComponentType().isPrimitive());
  }

  private static DescribedPredicate<JavaCall<?>> isNoFunction() {
    return DescribedPredicate.describe(
        "answers differently each time, or reaches out",
        call -> {
          CodeUnitCallTarget target = call.getTarget();
          String owner = target.getOwner().getName();
          boolean now =
              owner.startsWith("java.time.")
                  && (target.getName().equals("now") || target.getName().equals("systemDefault"));
          return now
              || NO_FUNCTIONS.getOrDefault(owner, Set.of()).contains(target.getName())
              || NO_FUNCTIONS_AT_ALL.contains(target.getName());
        });
  }

  private static DescribedPredicate<JavaAccess<?>> isStandardStream() {
    return DescribedPredicate.describe(
        "is a standard stream",
        access ->
            access.getTargetOwner().getName().equals("java.lang.System")
                && Set.of("in", "out", "err").contains(access.getTarget().getName()));
  }
}
