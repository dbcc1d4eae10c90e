package dev.refloat.release.image;

import dev.refloat.release.ReleaseFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.model.Property;
import org.cyclonedx.parsers.JsonParser;

/**
 * What an image is made of, for those who look for holes that have become known: the jars by the
 * coordinates that Maven has resolved, packages of Debian, and Java. The same image has the same
 * bill.
 *
 * @param resolved what the build has written about the jars of the program
 * @param jars those in the image
 * @param parts what the program stands on
 * @see <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6</a>
 */
record BillOfMaterials(Path resolved, List<Path> jars, List<Part> parts) {

  private static final Version FORMAT = Version.VERSION_16;

  /**
   * Returns the bill of one image.
   *
   * @param name of the image, without its version
   * @param digest of its manifest
   * @throws ReleaseFailed if a jar of it is not what the build has resolved
   */
  String of(String name, String version, Architecture architecture, String digest) {
    Bom built = built();
    Component program = built.getMetadata().getComponent();
    List<Component> contents = new ArrayList<>();
    for (Path jar : jars) {
      contents.add(isOf(program, jar) ? program : resolved(built, jar));
    }
    parts.stream().map(BillOfMaterials::component).forEach(contents::add);
    contents.add(distribution());

    Component image = new Component();
    image.setType(Component.Type.CONTAINER);
    image.setName(name);
    image.setVersion(version);
    image.setPurl(Part.image(name, digest, architecture));
    image.setBomRef(image.getPurl());
    Metadata metadata = new Metadata();
    metadata.setTimestamp(null); // otherwise it is now
    metadata.setComponent(image);
    Bom bill = new Bom();
    bill.setSerialNumber(
        "urn:uuid:" + UUID.nameUUIDFromBytes(image.getPurl().getBytes(StandardCharsets.UTF_8)));
    bill.setMetadata(metadata);
    bill.setComponents(contents);
    bill.setDependencies(dependencies(built, image, contents));
    try {
      return BomGeneratorFactory.createJson(FORMAT, bill).toJsonString() + "\n";
    } catch (GeneratorException e) {
      throw new ReleaseFailed("no bill of materials of %s: %s".formatted(name, e), e);
    }
  }

  private Bom built() {
    if (!Files.isRegularFile(resolved)) {
      throw new ReleaseFailed(
          "there is no %s; build it with: mvn -DskipTests package".formatted(resolved));
    }
    try {
      return new JsonParser().parse(resolved.toFile());
    } catch (ParseException e) {
      throw new ReleaseFailed("%s is no CycloneDX: %s".formatted(resolved, e), e);
    }
  }

  private static boolean isOf(Component program, Path jar) {
    return jar.endsWith("%s-%s.jar".formatted(program.getName(), program.getVersion()));
  }

  private Component resolved(Bom built, Path jar) {
    Hash hash = new Hash(Hash.Algorithm.SHA_256, sha256(jar));
    return built.getComponents().stream()
        .filter(each -> each.getHashes() != null && each.getHashes().contains(hash))
        .findFirst()
        .orElseThrow(
            () ->
                new ReleaseFailed(
                    "%s is none of the jars that %s tells of; build both anew: mvn -DskipTests package"
                        .formatted(jar.getFileName(), resolved)));
  }

  /** Without it scanners pass over its packages. */
  private static Component distribution() {
    Component distribution = new Component();
    distribution.setType(Component.Type.OPERATING_SYSTEM);
    distribution.setName(Base.DISTRIBUTION);
    distribution.setVersion(Base.RELEASE);
    distribution.setBomRef(Base.DISTRIBUTION + "-" + Base.RELEASE);
    return distribution;
  }

  private static Component component(Part part) {
    Component component = new Component();
    component.setType(
        switch (part.kind()) {
          case LIBRARY -> Component.Type.LIBRARY;
          case PLATFORM -> Component.Type.PLATFORM;
        });
    component.setName(part.name());
    component.setVersion(part.version());
    component.setPurl(part.purl());
    component.setBomRef(part.purl());
    part.cpe().ifPresent(component::setCpe);
    // Trivy's names; others read it in the package URL.
    part.source()
        .ifPresent(
            source ->
                component.setProperties(
                    List.of(
                        property("aquasecurity:trivy:SrcName", source.name()),
                        property("aquasecurity:trivy:SrcVersion", source.version()))));
    return component;
  }

  private static Property property(String name, String value) {
    Property property = new Property();
    property.setName(name);
    property.setValue(value);
    return property;
  }

  /** The image holds all of it; of the rest the build knows what needs what. */
  private static List<Dependency> dependencies(
      Bom built, Component image, List<Component> contents) {
    Set<String> known =
        contents.stream().map(Component::getBomRef).collect(Collectors.toUnmodifiableSet());
    Dependency whole = new Dependency(image.getBomRef());
    contents.forEach(each -> whole.addDependency(new Dependency(each.getBomRef())));
    return Stream.concat(
            Stream.of(whole),
            built.getDependencies().stream()
                .filter(each -> known.contains(each.getRef()))
                .map(each -> only(each, known)))
        .toList();
  }

  private static Dependency only(Dependency dependency, Set<String> known) {
    Dependency only = new Dependency(dependency.getRef());
    if (dependency.getDependencies() != null) {
      dependency.getDependencies().stream()
          .filter(each -> known.contains(each.getRef()))
          .forEach(each -> only.addDependency(new Dependency(each.getRef())));
    }
    return only;
  }

  private static String sha256(Path file) {
    try {
      return new DigestUtils(MessageDigestAlgorithms.SHA_256).digestAsHex(file);
    } catch (IOException e) {
      throw new ReleaseFailed("cannot read %s: %s".formatted(file, e), e);
    }
  }
}
