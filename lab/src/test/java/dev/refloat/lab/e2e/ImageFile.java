package dev.refloat.lab.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What is in an image, read from the file that {@code docker load} takes.
 *
 * @param config how containers of it run, as Docker and OCI have it
 * @param files of all layers, by path
 * @param contents of these files
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">the image
 *     configuration</a>
 */
record ImageFile(
    JsonNode config, Map<String, TarArchiveEntry> files, Map<String, byte[]> contents) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static ImageFile read(Path file) throws IOException {
    Map<String, byte[]> parts = new TreeMap<>();
    untar(Files.newInputStream(file), new TreeMap<>(), parts);
    JsonNode manifest = JSON.readTree(part(parts, "manifest.json")).get(0);
    JsonNode config = JSON.readTree(part(parts, manifest.get("Config").asText()));
    ImageFile image = new ImageFile(config.get("config"), new TreeMap<>(), new TreeMap<>());
    for (JsonNode layer : manifest.get("Layers")) {
      InputStream packed = new ByteArrayInputStream(part(parts, layer.asText()));
      untar(new GZIPInputStream(packed), image.files, image.contents);
    }
    return image;
  }

  private static void untar(
      InputStream in, Map<String, TarArchiveEntry> files, Map<String, byte[]> contents)
      throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), entry);
        contents.put(entry.getName(), tar.readAllBytes());
      }
    }
  }

  private static byte[] part(Map<String, byte[]> all, String name) {
    byte[] part = all.get(name);
    if (part == null) {
      throw new AssertionError("there is no %s among %s".formatted(name, all.keySet()));
    }
    return part;
  }

  /** The text of a file; there must be one. */
  String text(String path) {
    return new String(part(contents, path), StandardCharsets.UTF_8);
  }

  String user() {
    return config.get("User").asText();
  }

  String label(String name) {
    return config.get("Labels").get("org.opencontainers.image." + name).asText();
  }

  List<String> entrypoint() {
    return StreamSupport.stream(config.get("Entrypoint").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  List<byte[]> jars() {
    return contents.entrySet().stream()
        .filter(file -> file.getKey().endsWith(".jar"))
        .map(Map.Entry::getValue)
        .toList();
  }
}
