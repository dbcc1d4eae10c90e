package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.lab.realnode.Requirements;
import dev.refloat.release.image.ImageBuild;
import dev.refloat.release.image.ImageBuild.Made;
import dev.refloat.release.image.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.cyclonedx.Version;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is in the images of both programs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImagesIT {

  /** Asked for by code that neither process gets to. */
  private static final Map<String, String> NOT_NEEDED =
      Map.of(
          "java.desktop", "java.beans, which Jackson and Logback look for and do without",
          "java.security.jgss", "Kerberos, with which Jetty could sign users in");

  private static final Pattern PACKAGE = Pattern.compile("var/lib/dpkg/status[.]d/[^/]+");

  private static final Path RESOLVED = Path.of("webhook/target/bom.json");

  private final Map<String, ImageFile> images = new TreeMap<>();
  private final Map<String, Made> made = new TreeMap<>();

  @BeforeAll
  void build() throws IOException {
    Optional<String> obstacle = ImageBuild.obstacle();
    if (Requirements.areRequired(LabSettings.fromEnvironment())) {
      assertThat(obstacle).isEmpty();
    }
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
    for (Made each : BuiltImages.shared()) {
      String name = each.name().split(":", 2)[0];
      images.put(name, ImageFile.read(each.file()));
      made.put(name, each);
    }
  }

  /**
   * Of the one with more in it. The same folder has made others before: jib knows layers again by
   * names and dates alone.
   */
  @Test
  void two_builds_are_the_same_to_the_bit_and_nothing_of_another_one(@TempDir Path folder)
      throws IOException {
    Path target = folder.resolve("deeper/than/the/first");
    Path another = folder.resolve("another");
    for (String part : List.of("webhook/target/refloat-webhook/lib", "release/src/main/classes")) {
      copy(RefloatProgram.root().resolve(part), another.resolve(part));
      Files.writeString(
          another.resolve(part).resolve("java.options"),
          "# changed\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }

    Files.copy(RefloatProgram.root().resolve(RESOLVED), another.resolve(RESOLVED));

    Map<String, String> ofAnother = digests(BuiltImages.of(another, target, Program.WEBHOOK));
    List<Made> second = BuiltImages.of(RefloatProgram.root(), target, Program.WEBHOOK);
    Map<String, String> again = digests(second);

    assertThat(again).isNotEmpty();
    assertThat(digests(BuiltImages.shared())).containsAllEntriesOf(again);
    assertThat(again.values()).doesNotContainAnyElementsOf(ofAnother.values());
    assertThat(second.getFirst().bill())
        .hasSameTextualContentAs(
            Optional.ofNullable(made.get("refloat-webhook")).orElseThrow().bill());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static Map<String, String> digests(List<Made> images) {
    return images.stream().collect(Collectors.toMap(Made::name, Made::digest));
  }

  @Test
  void each_says_what_it_is_and_runs_as_nobody_in_particular() {
    assertThat(images).containsOnlyKeys("refloat-controller", "refloat-webhook");
    images.forEach(
        (name, image) -> {
          assertThat(image.user()).isEqualTo("65532:65532");
          assertThat(image.label("title")).isEqualTo(name);
          assertThat(image.label("version")).matches("\\d+\\.\\d+\\.\\d+.*");
          assertThat(image.label("licenses")).isEqualTo("MIT");
        });
  }

  @Test
  void nothing_in_them_can_be_started_but_Java_and_nothing_can_be_changed() {
    images.forEach(
        (name, image) -> {
          assertThat(
                  image.files().values().stream()
                      .filter(file -> file.isFile() && (file.getMode() & 0111) != 0)
                      .map(TarArchiveEntry::getName)
                      .filter(file -> !file.matches(".*\\.so(\\.\\d+)*")))
              .as("programs of %s", name)
              .isNotEmpty()
              .allMatch(file -> file.startsWith("opt/java/"));
          assertThat(image.files().values())
              .as("owners and rights of the files of %s", name)
              .allMatch(file -> file.getLongUserId() == 0 && (file.getMode() & 07022) == 0);
        });
  }

  @Test
  void each_has_a_bill_of_materials_that_names_all_that_others_have_made_of_it() {
    made.forEach(
        (name, each) -> {
          Bom bill = bill(each.bill());
          ImageFile image = Optional.ofNullable(images.get(name)).orElseThrow();
          assertThat(bill.getMetadata().getComponent().getPurl())
              .contains(name + "@" + each.digest().replace(":", "%3A"));
          assertThat(
                  bill.getComponents().stream()
                      .flatMap(part -> Stream.ofNullable(part.getHashes()))
                      .flatMap(List::stream)
                      .filter(hash -> hash.getAlgorithm().equals("SHA-256"))
                      .map(Hash::getValue))
              .as("jars of %s", name)
              .containsExactlyInAnyOrderElementsOf(
                  image.contents().entrySet().stream()
                      .filter(file -> file.getKey().matches("opt/refloat/lib/.*[.]jar"))
                      .filter(file -> !file.getKey().contains("/" + name + "-"))
                      .map(file -> DigestUtils.sha256Hex(file.getValue()))
                      .toList());
          assertThat(purls(bill, "pkg:deb/debian/"))
              .as("packages of %s", name)
              .hasSize(
                  (int)
                      image.contents().keySet().stream().filter(PACKAGE.asMatchPredicate()).count())
              .isNotEmpty();
          assertThat(purls(bill, "pkg:generic/openjdk@" + Runtime.version().feature())).hasSize(1);
          assertThat(purls(bill, "pkg:maven/dev.refloat/" + name + "@")).hasSize(1);
        });
  }

  private static Bom bill(Path file) {
    try {
      assertThat(new JsonParser().validate(file.toFile(), Version.VERSION_16)).isEmpty();
      return new JsonParser().parse(file.toFile());
    } catch (IOException | ParseException e) {
      throw new AssertionError(file + " is no bill of materials", e);
    }
  }

  private static List<String> purls(Bom bill, String start) {
    return bill.getComponents().stream()
        .map(Component::getPurl)
        .filter(purl -> purl != null && purl.startsWith(start))
        .toList();
  }

  @Test
  void each_has_its_archive_of_classes() {
    images.forEach(
        (name, image) -> {
          assertThat(image.files()).as(name).containsKey("opt/refloat/lib/classes.jsa");
          assertThat(image.entrypoint())
              .contains("-XX:SharedArchiveFile=/opt/refloat/lib/classes.jsa");
        });
  }

  @Test
  void their_Java_has_all_that_their_classes_ask_for() throws IOException {
    for (Map.Entry<String, ImageFile> image : images.entrySet()) {
      String release = image.getValue().text("opt/java/release");
      Map<String, String> missing = new TreeMap<>();
      for (byte[] jar : image.getValue().jars()) {
        ModulesOfJava.askedForBy(jar).forEach(missing::putIfAbsent);
      }
      assertThat(missing).as("modules that %s needs", image.getKey()).containsKey("java.base");
      missing
          .keySet()
          .removeIf(
              module ->
                  NOT_NEEDED.containsKey(module)
                      || release.matches("(?s).*\\b" + module + "\\b.*"));
      assertThat(missing).as("modules that %s lacks, and who asks", image.getKey()).isEmpty();
    }
  }
}
