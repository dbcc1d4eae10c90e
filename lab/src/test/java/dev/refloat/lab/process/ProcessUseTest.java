package dev.refloat.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUseTest {

  private static final List<String> STATUS =
      List.of("VmRSS:\t  130000 kB", "RssAnon:\t   98304 kB", "RssFile:\t   31696 kB");

  /** Fields 14 and 15 are utime and stime: 250 and 50 ticks. */
  private static final String STAT =
      "4711 (java) S 1 2 3 0 -1 4194304 100 200 300 400 250 50 7 8 20 0 30 0 123 456 789";

  @Test
  void reads_anonymous_memory_and_the_time_of_all_threads() {
    assertThat(ProcessUse.parse(STATUS, STAT)).isEqualTo(new ProcessUse(96, 3));
  }

  @Test
  void a_name_may_hold_spaces_and_parentheses() {
    assertThat(ProcessUse.parse(STATUS, STAT.replace("(java)", "(a) b (c)")))
        .isEqualTo(new ProcessUse(96, 3));
  }

  @Test
  void this_process_uses_something() {
    ProcessUse here = ProcessUse.of(ProcessHandle.current().pid());

    assertThat(here.rssAnonMegabytes()).isBetween(1.0, 100_000.0);
    assertThat(here.cpuSeconds()).isPositive();
  }

  @Test
  void a_process_without_memory_of_its_own_is_not_read_as_zero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessUse.parse(List.of("VmRSS:\t1 kB"), STAT));
  }
}
