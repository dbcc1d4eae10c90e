package dev.refloat.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The design's table of modules: who may use whom. The core's own purity is checked in {@code
 * common}.
 */
class ModulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.refloat");

  @Test
  void common_knows_no_other_module() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.refloat.certs..",
            "dev.refloat.webhook..",
            "dev.refloat.controller..",
            "dev.refloat.release..",
            "dev.refloat.lab..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.refloat.certs..",
            "dev.refloat.webhook..",
            "dev.refloat.controller..",
            "dev.refloat.release..",
            "dev.refloat.lab..")
        .check(CLASSES);
  }

  @Test
  void the_release_knows_files_and_no_class_of_ours() {
    noClasses()
        .that()
        .resideInAPackage("dev.refloat.release..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.refloat..").and(resideOutsideOfPackage("dev.refloat.release..")))
        .check(CLASSES);
  }

  @Test
  void certs_knows_no_server_and_neither_process() {
    noClasses()
        .that()
        .resideInAPackage("dev.refloat.certs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.javalin..",
            "org.eclipse.jetty..",
            "dev.refloat.webhook..",
            "dev.refloat.controller..",
            "dev.refloat.lab..")
        .check(CLASSES);
  }

  @Test
  void the_webhook_does_not_know_the_controller() {
    noClasses()
        .that()
        .resideInAPackage("dev.refloat.webhook..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.refloat.controller..", "dev.refloat.lab..")
        .check(CLASSES);
  }

  @Test
  void the_controller_knows_neither_Javalin_nor_the_webhook_nor_certificates() {
    noClasses()
        .that()
        .resideInAPackage("dev.refloat.controller..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.javalin..",
            "org.eclipse.jetty..",
            "org.bouncycastle..",
            "dev.refloat.webhook..",
            "dev.refloat.certs..",
            "dev.refloat.lab..")
        .check(CLASSES);
  }

  @Test
  void only_certs_and_the_lab_know_BouncyCastle() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.refloat.certs..", "dev.refloat.lab..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bouncycastle..")
        .check(CLASSES);
  }
}
