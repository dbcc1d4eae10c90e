package dev.refloat.lab.realnode;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * An image made of this machine's own static busybox, for nodes that have no registry. A container
 * that is told nothing sleeps until it is to end.
 *
 * @param names the names that pods call it by
 * @param programs more programs in it, by the names that they have there
 * @see <a href="https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md">Docker image
 *     specification, "Combined Image JSON + Filesystem Changeset Format"</a>
 */
record LocalImage(List<String> names, Map<String, Path> programs) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EXECUTABLE = 0755;
  private static final int FOR_EVERYBODY = 01777;

  private static final String SLEEP =
      "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";

  LocalImage {
    names = List.copyOf(names);
    programs = Map.copyOf(programs);
  }

  /**
   * Writes the image to {@code target}, as {@code docker save} does. Goes through a file beside it,
   * because a program may be larger than what the lab may have in memory.
   */
  void write(Path busybox, List<String> applets, Path target) {
    Path layer = target.resolveSibling(target.getFileName() + ".layer");
    try {
      writeLayer(layer, busybox, applets);
      byte[] config = json(config(sha256(layer)));
      String configName = sha256(config) + ".json";
      try (TarArchiveOutputStream tar = tar(target)) {
        add(tar, configName, config, 0644);
        add(tar, "layer.tar", layer, 0644);
        add(
            tar,
            "manifest.json",
            json(
                List.of(
                    Map.of(
                        "Config", configName, "RepoTags", names, "Layers", List.of("layer.tar")))),
            0644);
      }
      Files.delete(layer);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make an image of " + busybox, e);
    }
  }

  private static Map<String, Object> config(String layerDigest) {
    return Map.of(
        "architecture", architecture(),
        "os", "linux",
        "config", Map.of("Env", List.of("PATH=/bin"), "Cmd", List.of("sh", "-c", SLEEP)),
        "rootfs", Map.of("type", "layers", "diff_ids", List.of("sha256:" + layerDigest)));
  }

  /** Returns the architecture of this machine as Go calls it. */
  private static String architecture() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "aarch64" -> "arm64";
      case "x86_64" -> "amd64";
      default -> name;
    };
  }

  private void writeLayer(Path target, Path busybox, List<String> applets) throws IOException {
    try (TarArchiveOutputStream tar = tar(target)) {
      addFolder(tar, "bin/", EXECUTABLE);
      addFolder(tar, "etc/", EXECUTABLE);
      addFolder(tar, "root/", 0700);
      addFolder(tar, "tmp/", FOR_EVERYBODY);
      add(tar, "etc/passwd", text("root:x:0:0:root:/root:/bin/sh\n"), 0644);
      add(tar, "etc/group", text("root:x:0:\n"), 0644);
      add(tar, "bin/busybox", busybox, EXECUTABLE);
      for (String applet : applets) {
        if (!applet.equals("busybox")) {
          TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarConstants.LF_SYMLINK);
          link.setLinkName("busybox");
          tar.putArchiveEntry(link);
          tar.closeArchiveEntry();
        }
      }
      for (Map.Entry<String, Path> program : programs.entrySet()) {
        add(tar, "bin/" + program.getKey(), program.getValue(), EXECUTABLE);
      }
    }
  }

  private static TarArchiveOutputStream tar(Path target) throws IOException {
    return new TarArchiveOutputStream(
        new BufferedOutputStream(Files.newOutputStream(target)), StandardCharsets.UTF_8.name());
  }

  private static void addFolder(TarArchiveOutputStream tar, String name, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void add(TarArchiveOutputStream tar, String name, Path content, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(content));
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    Files.copy(content, tar);
    tar.closeArchiveEntry();
  }

  private static byte[] json(Object value) throws IOException {
    return JSON.writeValueAsBytes(value);
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  private static String sha256(Path content) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(content), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
