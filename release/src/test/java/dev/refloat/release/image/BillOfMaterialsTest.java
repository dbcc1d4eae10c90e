package dev.refloat.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import dev.refloat.release.image.DebianPackages.Unpacked;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Property;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BillOfMaterialsTest {

  private static final String DIGEST = "sha256:" + "0".repeat(64);
  private static final String JSON_LIBRARY = "pkg:maven/org.example/json@2.0?type=jar";

  @TempDir private Path folder;
  private Path program;
  private Path json;

  @BeforeEach
  void aProgramWithOneJarOfSomebodyElse() {
    program = written("refloat-webhook-0.1.0.jar");
    json = written("json-2.0.jar");
  }

  @Test
  void it_names_the_image_its_jars_and_what_they_stand_on_and_nothing_else() throws Exception {
    String bill = bill(program, json);

    assertThat(new JsonParser().validate(bill.getBytes(StandardCharsets.UTF_8), Version.VERSION_16))
        .isEmpty();
    Bom bom = new JsonParser().parse(new StringReader(bill));
    assertThat(bom.getMetadata().getComponent().getPurl())
        .isEqualTo("pkg:oci/refloat-webhook@sha256%3A" + "0".repeat(64) + "?arch=amd64");
    assertThat(bom.getComponents())
        .extracting(Component::getPurl)
        .containsExactly(
            "pkg:maven/dev.refloat/refloat-webhook@0.1.0?type=jar",
            JSON_LIBRARY,
            "pkg:generic/openjdk@25.0.3%2B9-LTS",
            "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13&upstream=gcc-14",
            null);
    assertThat(bom.getComponents().getLast())
        .extracting(Component::getType, Component::getName, Component::getVersion)
        .containsExactly(Component.Type.OPERATING_SYSTEM, "debian", "13");
    assertThat(bom.getComponents().get(3).getProperties())
        .extracting(Property::getName, Property::getValue)
        .containsExactly(
            tuple("aquasecurity:trivy:SrcName", "gcc-14"),
            tuple("aquasecurity:trivy:SrcVersion", "14.2.0-19"));
    assertThat(bom.getComponents().get(2).getCpe())
        .isEqualTo("cpe:2.3:a:oracle:openjdk:25.0.3:*:*:*:*:*:*:*");
    assertThat(bom.getDependencies()).hasSize(3);
    assertThat(bill).doesNotContain("left-out");
  }

  @Test
  void the_same_image_has_the_same_bill() {
    assertThat(bill(program, json))
        .isEqualTo(bill(program, json))
        .contains("\"serialNumber\" : \"urn:uuid:")
        .doesNotContain("timestamp");
  }

  @Test
  void a_package_is_built_from_its_source_or_from_itself() {
    assertThat(unpacked("zlib1g", "Version: 1:1.3-2\n").source())
        .isEqualTo(new DebianPackages.Source("zlib1g", "1:1.3-2"));
    assertThat(unpacked("libc6", "Source: glibc (2.41-12)\nVersion: 2.41-12+b1\n").source())
        .isEqualTo(new DebianPackages.Source("glibc", "2.41-12"));
  }

  private Unpacked unpacked(String name, String control) {
    return new Unpacked(name, control, folder);
  }

  @Test
  void a_jar_that_the_build_does_not_know_is_told() {
    Trees.write(json, "of another build");

    assertThatThrownBy(() -> bill(program, json))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessageContaining("json-2.0.jar is none of the jars")
        .hasMessageContaining("mvn -DskipTests package");
  }

  @Test
  void a_build_that_has_not_said_what_it_resolved_is_told() {
    assertThatThrownBy(
            () ->
                new BillOfMaterials(folder.resolve("none.json"), List.of(program), List.of())
                    .of("refloat-webhook", "0.1.0", Architecture.AMD64, DIGEST))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessageContaining("there is no ")
        .hasMessageContaining("none.json; build it with: mvn -DskipTests package");
  }

  private String bill(Path... jars) {
    return new BillOfMaterials(
            resolved(),
            List.of(jars),
            List.of(
                Part.openJdk("25.0.3+9-LTS"),
                Part.of(
                    new Unpacked(
                        "libstdc++6",
                        "Package: libstdc++6\nSource: gcc-14\nVersion: 14.2.0-19\nArchitecture: amd64\n",
                        folder),
                    Part.Kind.LIBRARY)))
        .of("refloat-webhook", "0.1.0", Architecture.AMD64, DIGEST);
  }

  /** As the build writes it, in short: with a jar that is in no image. */
  private Path resolved() {
    Path file = folder.resolve("bom.json");
    Trees.write(
        file,
        """
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
         "metadata": {"timestamp": "2026-11-23T00:00:00Z", "component": {"type": "application",
           "group": "dev.refloat", "name": "refloat-webhook", "version": "0.1.0",
           "bom-ref": "pkg:maven/dev.refloat/refloat-webhook@0.1.0?type=jar",
           "purl": "pkg:maven/dev.refloat/refloat-webhook@0.1.0?type=jar"}},
         "components": [%s, %s],
         "dependencies": [
           {"ref": "pkg:maven/dev.refloat/refloat-webhook@0.1.0?type=jar", "dependsOn": ["%s"]},
           {"ref": "%s", "dependsOn": ["pkg:maven/org.example/left-out@2.0?type=jar"]},
           {"ref": "pkg:maven/org.example/left-out@2.0?type=jar"}]}
        """
            .formatted(
                library("json", "json-2.0.jar"),
                library("left-out", "nothing like it"),
                JSON_LIBRARY,
                JSON_LIBRARY));
    return file;
  }

  private static String library(String name, String content) {
    return """
        {"type": "library", "group": "org.example", "name": "%1$s", "version": "2.0",
         "bom-ref": "pkg:maven/org.example/%1$s@2.0?type=jar",
         "purl": "pkg:maven/org.example/%1$s@2.0?type=jar",
         "hashes": [{"alg": "SHA-256", "content": "%2$s"}]}
        """
        .formatted(name, DigestUtils.sha256Hex(content));
  }

  private Path written(String name) {
    Path file = folder.resolve(name);
    Trees.write(file, name);
    return file;
  }
}
