package dev.refloat.lab.binaries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesBuildTest {

  @TempDir private Path folder;

  private final List<String> said = new CopyOnWriteArrayList<>();

  @Test
  void builds_what_is_missing_and_then_never_again() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.26.8", FakeGo.MAKES_IT);

    Binaries built = BinariesBuild.binaries(go.settings(), said::add);
    Binaries found = BinariesBuild.binaries(go.settings(), Progress.silent());

    assertThat(found).isEqualTo(built);
    assertThat(built.paths().values()).allMatch(Files::isExecutable);
    assertThat(go.builds()).hasSize(6);
  }

  @Test
  void builds_what_real_nodes_need_only_if_it_is_wanted() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.26.8", FakeGo.MAKES_IT);

    Binaries built = BinariesBuild.binaries(go.settings(), said::add, Program.OF_REAL_NODES);

    assertThat(built.paths().keySet()).isEqualTo(Program.OF_REAL_NODES);
    assertThat(go.builds())
        .containsExactly(
            "k8s.io/kubernetes/cmd/kubelet",
            "k8s.io/kubernetes/cmd/kube-proxy",
            "github.com/coredns/coredns");
    assertThatThrownBy(() -> built.of(Program.ETCD))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("no path for etcd, only for [");
  }

  @Test
  void says_which_program_of_how_many_and_how_long() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.26.8", FakeGo.MAKES_IT);

    BinariesBuild.binaries(go.settings(), said::add);

    assertThat(said)
        .anyMatch(
            line -> line.matches("building etcd \\(1 of 6\\): \\d+ s so far, .* expected in all"));
    assertThat(said).anyMatch(line -> line.startsWith("building kubectl (6 of 6)"));
  }

  @Test
  void builds_only_the_module_that_is_missing() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.26.8", FakeGo.MAKES_IT);
    Binaries built = BinariesBuild.binaries(go.settings(), said::add);
    Files.delete(built.of(Program.KWOK));

    BinariesBuild.binaries(go.settings(), said::add);

    assertThat(go.builds()).hasSize(7).last().isEqualTo(Program.KWOK.goPackage());
  }

  @Test
  void a_build_that_fails_leaves_nothing_that_could_be_taken_for_whole() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.26.8", FakeGo.MAKES_IT + "; echo 'bad luck'; exit 1");

    assertThatThrownBy(() -> BinariesBuild.binaries(go.settings(), said::add))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessageContaining("building etcd failed")
        .hasMessageContaining("bad luck");
    assertThat(foldersIn(go.settings().builds())).isEmpty();
  }

  @Test
  void what_an_interrupted_build_left_is_removed_and_built_anew() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.26.8", FakeGo.MAKES_IT);
    Path left = Files.createDirectories(go.settings().builds().resolve(".unfinished-etcd123"));
    Files.writeString(left.resolve("etcd"), "half of it");

    BinariesBuild.binaries(go.settings(), said::add);

    assertThat(left).doesNotExist();
    assertThat(go.builds()).hasSize(6);
  }

  @Test
  void a_full_disk_is_told_with_what_is_free_and_what_is_needed() throws Exception {
    FakeGo go =
        FakeGo.in(folder, "go1.26.8", "echo 'write /x/etcd: no space left on device'; exit 1");

    assertThatThrownBy(() -> BinariesBuild.binaries(go.settings(), said::add))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessageContaining("building etcd failed because a disk is full")
        .hasMessageContaining("Needed: 900 MB for the programs")
        .hasMessageMatching("(?s).*" + go.settings().builds() + ": .* free.*")
        .hasMessageContaining("XDG_CACHE_HOME");
  }

  @Test
  void a_go_that_is_too_old_is_told_with_the_two_other_ways() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.22.3", FakeGo.MAKES_IT);

    assertThatThrownBy(() -> BinariesBuild.binaries(go.settings(), said::add))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessageContaining("needs Go 1.26.0 or newer")
        .hasMessageContaining("go1.22.3")
        .hasMessageContaining(LabSettings.BINARIES)
        .hasMessageContaining(LabSettings.KUBECONFIG);
    assertThat(go.builds()).isEmpty();
  }

  @Test
  void a_version_that_is_not_pinned_is_told_with_those_that_are() {
    LabSettings settings =
        new LabSettings(
            folder.resolve("cache"),
            Optional.empty(),
            Optional.empty(),
            Optional.of("1.35"),
            Optional.empty(),
            "");

    assertThatThrownBy(() -> BinariesBuild.binaries(settings, said::add))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessage(
            "REFLOAT_LAB_KUBERNETES is \"1.35\"; expected one of 1.30.14, 1.36.3, 1.37.2, or nothing for 1.36.3");
  }

  @Test
  void no_go_is_told_in_the_same_way() {
    LabSettings settings =
        new LabSettings(
            folder.resolve("cache"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            folder.toString());

    assertThatThrownBy(() -> BinariesBuild.binaries(settings, said::add))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessageContaining("needs Go 1.26.0 or newer; there is no go on the PATH")
        .hasMessageContaining(LabSettings.BINARIES);
  }

  @Test
  void of_two_builds_at_once_one_waits_and_says_so() throws Exception {
    FakeGo go = FakeGo.in(folder, "go1.26.8", FakeGo.WAITS);
    CountDownLatch firstBuilds = new CountDownLatch(1);
    CountDownLatch secondWaits = new CountDownLatch(1);

    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Binaries> first =
          threads.submit(
              () -> BinariesBuild.binaries(go.settings(), whenSaid("building etcd", firstBuilds)));
      assertThat(firstBuilds.await(10, TimeUnit.SECONDS)).isTrue();
      Future<Binaries> second =
          threads.submit(
              () ->
                  BinariesBuild.binaries(
                      go.settings(), whenSaid("somebody else is building", secondWaits)));
      assertThat(secondWaits.await(10, TimeUnit.SECONDS)).isTrue();
      go.letGo();

      assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(first.get(10, TimeUnit.SECONDS));
    }
    assertThat(go.builds()).hasSize(6);
  }

  @Test
  void a_folder_of_ready_programs_is_used_as_it_is() throws Exception {
    Path ready = Files.createDirectories(folder.resolve("ready"));
    for (Program program : Program.values()) {
      executable(ready.resolve(program == Program.ETCD ? "server" : program.fileName()));
    }

    Binaries binaries = BinariesBuild.binaries(withReady(ready), said::add);

    assertThat(binaries.of(Program.ETCD)).isEqualTo(ready.resolve("server"));
    assertThat(said).isEmpty();
  }

  @Test
  void a_folder_of_ready_programs_that_is_not_complete_is_told_with_all_that_is_missing()
      throws Exception {
    Path ready = Files.createDirectories(folder.resolve("ready"));
    executable(ready.resolve("etcd"));
    executable(ready.resolve("kubectl"));
    Files.writeString(ready.resolve("kwok"), "not executable");

    assertThatThrownBy(() -> BinariesBuild.binaries(withReady(ready), said::add))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessage(
            ready
                + " is not a folder of ready programs: no executable kwok, kube-apiserver,"
                + " kube-controller-manager, kube-scheduler there");
  }

  private LabSettings withReady(Path ready) {
    return new LabSettings(
        folder.resolve("cache"),
        Optional.of(ready),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  private static void executable(Path file) throws IOException {
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Progress whenSaid(String start, CountDownLatch latch) {
    return line -> {
      if (line.startsWith(start)) {
        latch.countDown();
      }
    };
  }

  private static List<Path> foldersIn(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).toList();
    }
  }
}
