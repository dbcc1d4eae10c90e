package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.act.Recovered;
import dev.refloat.controller.report.Concerned;
import dev.refloat.recovery.ObjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LooseEndsTest {

  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");

  private final LooseEnds looseEnds = new LooseEnds();

  @Test
  void S57_what_was_left_is_returned_once_when_its_pod_waits_no_more() {
    Recovered first = recovered(DB, "db-0");
    looseEnds.leave(first);
    looseEnds.leave(recovered(DB, "db-1"));
    looseEnds.leave(recovered(LOG, "log-0"));

    assertThat(looseEnds.ended(DB, Set.of("db-0", "db-1"))).isEmpty();
    assertThat(looseEnds.ended(DB, Set.of("db-1"))).containsExactly(first);
    assertThat(looseEnds.ended(DB, Set.of("db-1"))).isEmpty();
  }

  @Test
  void whoever_takes_a_pod_up_again_tells_its_end() {
    looseEnds.leave(recovered(DB, "db-0"));

    looseEnds.takeUp(DB, "db-0");

    assertThat(looseEnds.ended(DB, Set.of())).isEmpty();
  }

  private static Recovered recovered(SetKey key, String pod) {
    return new Recovered(
        key,
        new Concerned(new ObjectId(key.namespace(), pod, "uid-" + pod, "1"), Optional.empty()),
        List.of(),
        Instant.parse("2026-11-28T10:00:00Z"),
        Optional.empty(),
        Optional.empty());
  }
}
