package dev.refloat.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {

  @TempDir private Path settings;

  @Test
  void is_where_this_machine_has_its_packages_from_and_not_somebody_else_s() {
    Trees.write(
        settings.resolve("sources.list.d/a.list"),
        """
        deb https://dl.example.org/caddy/stable/deb/debian-stable any main
        deb https://download.example.com/linux/debian bookworm stable
        """);
    Trees.write(
        settings.resolve("sources.list.d/debian.sources"),
        """
        Types: deb
        # http://snapshot.example.org/debian
        URIs: http://mirror.example.org/debian/
        Suites: bookworm bookworm-updates
        Components: main contrib

        Types: deb
        URIs: http://mirror.example.org/debian-security
        Suites: bookworm-security
        Components: main
        """);

    Mirror mirror = Mirror.in(settings);

    assertThat(mirror)
        .isEqualTo(
            new Mirror(
                "http://mirror.example.org/debian",
                Optional.of("http://mirror.example.org/debian-security")));
    assertThat(mirror.sources())
        .contains(
            "mirror.example.org/debian trixie main",
            "mirror.example.org/debian trixie-updates main",
            "mirror.example.org/debian-security trixie-security main");
  }

  @Test
  void is_found_in_a_file_of_the_older_kind() {
    Trees.write(
        settings.resolve("sources.list"),
        """
        # deb http://old.example.org/debian trixie main
        deb [arch=amd64] http://mirror.example.org/debian trixie main
        """);

    assertThat(Mirror.in(settings))
        .isEqualTo(new Mirror("http://mirror.example.org/debian", Optional.empty()));
  }

  @Test
  void has_to_be_named_where_this_machine_is_of_another_kind() {
    Trees.write(settings.resolve("sources.list"), "deb http://example.org/ubuntu noble main\n");

    assertThatThrownBy(() -> Mirror.in(settings))
        .isInstanceOf(ReleaseFailed.class)
        .hasMessageContaining("--mirror");
  }
}
