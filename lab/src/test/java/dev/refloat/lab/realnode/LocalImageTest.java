package dev.refloat.lab.realnode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That containerd takes it, every test with real nodes shows. */
class LocalImageTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Map<String, byte[]> image(String... names) throws IOException {
    Path busybox = Files.writeString(folder.resolve("busybox"), "a program");
    Path server = Files.writeString(folder.resolve("a-server"), "a server");
    Path target = folder.resolve("image.tar");
    new LocalImage(List.of(names), Map.of("server", server))
        .write(busybox, List.of("busybox", "sh", "cat"), target);
    return entries(Files.newInputStream(target));
  }

  private static Map<String, byte[]> entries(InputStream archive) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        entries.put(
            entry.isSymbolicLink()
                ? entry.getName() + " -> " + entry.getLinkName()
                : entry.getName(),
            tar.readAllBytes());
        entry = tar.getNextEntry();
      }
    }
    return entries;
  }

  private static byte[] in(Map<String, byte[]> entries, String name) {
    byte[] content = entries.get(name);
    assertThat(content).as(name).isNotNull();
    return Objects.requireNonNull(content);
  }

  @Test
  void has_all_names_and_names_its_parts_by_their_digests() throws Exception {
    Map<String, byte[]> entries = image("one:1", "two:2");

    JsonNode manifest = JSON.readTree(in(entries, "manifest.json")).get(0);
    assertThat(manifest.get("RepoTags"))
        .extracting(JsonNode::asText)
        .containsExactly("one:1", "two:2");
    JsonNode config = JSON.readTree(in(entries, manifest.get("Config").asText()));
    String layer =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(in(entries, "layer.tar")));
    assertThat(config.at("/rootfs/diff_ids/0").asText()).isEqualTo("sha256:" + layer);
  }

  @Test
  void holds_the_program_under_the_name_of_each_applet() throws Exception {
    Map<String, byte[]> files = entries(new ByteArrayInputStream(in(image("one:1"), "layer.tar")));

    assertThat(in(files, "bin/busybox")).asString().isEqualTo("a program");
    assertThat(in(files, "bin/server")).asString().isEqualTo("a server");
    assertThat(files).containsKeys("bin/sh -> busybox", "bin/cat -> busybox", "tmp/");
  }
}
