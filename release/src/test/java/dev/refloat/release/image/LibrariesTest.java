package dev.refloat.release.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.release.Trees;
import dev.refloat.release.image.DebianPackages.Unpacked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrariesTest {

  private static final String LIB = "usr/lib/aarch64-linux-gnu/";

  @TempDir private Path folder;

  private Path root;

  @BeforeEach
  void install() throws IOException {
    Path files = folder.resolve("package");
    for (String file :
        List.of(
            LIB + "libz.so.1.3.1",
            LIB + "libnss_files.so.2",
            LIB + "ld-linux-aarch64.so.1",
            LIB + "gconv/BIG5.so.1",
            "usr/share/doc/libz/copyright",
            "usr/bin/zcat")) {
      Trees.write(files.resolve(file), file);
    }
    Files.createSymbolicLink(files.resolve(LIB + "libz.so.1"), Path.of("libz.so.1.3.1"));
    root = Files.createDirectory(folder.resolve("root"));

    new Libraries(Architecture.ARM64)
        .install(List.of(new Unpacked("libz", "Package: libz\n", files)), root);
  }

  @Test
  void libraries_are_there_by_the_names_that_programs_ask_for() {
    assertThat(root.resolve(LIB + "libz.so.1")).isRegularFile().hasContent(LIB + "libz.so.1.3.1");
    assertThat(root.resolve(LIB + "libnss_files.so.2")).isRegularFile();
  }

  @Test
  void what_loads_them_is_where_programs_look_for_it() {
    assertThat(root.resolve("lib/ld-linux-aarch64.so.1")).isRegularFile();
  }

  @Test
  void a_scanner_finds_the_package_and_a_lawyer_its_copyright() {
    assertThat(root.resolve("var/lib/dpkg/status.d/libz")).hasContent("Package: libz\n");
    assertThat(root.resolve("usr/share/doc/libz/copyright")).isRegularFile();
  }

  @Test
  void nothing_else_is_there() {
    assertThat(
            Trees.all(root).stream()
                .filter(Files::isRegularFile)
                .map(root::relativize)
                .map(Path::toString))
        .containsExactlyInAnyOrder(
            LIB + "libz.so.1",
            LIB + "libnss_files.so.2",
            "lib/ld-linux-aarch64.so.1",
            "var/lib/dpkg/status.d/libz",
            "usr/share/doc/libz/copyright");
  }
}
