package dev.refloat.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.controlplane.ProcessIdentity.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final String COMMAND = "/opt/lab/etcd";
  private static final ProcessIdentity ETCD =
      new ProcessIdentity("etcd", 4711, START, COMMAND, "/runs/run-1a2b3c4d");

  private static Sighting seen(Instant start, String command, String argument) {
    return new Sighting(Optional.of(start), Optional.of(command), Optional.of(List.of(argument)));
  }

  @Test
  void is_itself() {
    assertThat(ETCD.matches(seen(START, COMMAND, "--data-dir=/runs/run-1a2b3c4d/etcd"))).isTrue();
  }

  @Test
  void is_itself_after_the_clock_was_set_a_little() {
    assertThat(
            ETCD.matches(seen(START.plusSeconds(2), COMMAND, "--data-dir=/runs/run-1a2b3c4d/etcd")))
        .isTrue();
  }

  @Test
  void a_later_process_with_the_same_number_is_another_one() {
    assertThat(
            ETCD.matches(
                seen(START.plusSeconds(600), COMMAND, "--data-dir=/runs/run-1a2b3c4d/etcd")))
        .isFalse();
  }

  @Test
  void another_executable_is_another_process() {
    assertThat(ETCD.matches(seen(START, "/usr/bin/etcd", "--data-dir=/runs/run-1a2b3c4d/etcd")))
        .isFalse();
  }

  @Test
  void the_same_program_of_another_run_is_another_process() {
    assertThat(ETCD.matches(seen(START, COMMAND, "--data-dir=/runs/run-99999999/etcd"))).isFalse();
  }

  @Test
  void what_cannot_be_seen_proves_nothing() {
    assertThat(
            ETCD.matches(new Sighting(Optional.of(START), Optional.of(COMMAND), Optional.empty())))
        .isFalse();
    assertThat(ETCD.matches(new Sighting(Optional.empty(), Optional.empty(), Optional.empty())))
        .isFalse();
  }

  @Test
  void this_very_process_does_not_pass_for_a_component() {
    ProcessIdentity forged =
        ProcessIdentity.of("etcd", ProcessHandle.current(), COMMAND, "/runs/run-1a2b3c4d");

    assertThat(forged.alive()).isEmpty();
  }
}
