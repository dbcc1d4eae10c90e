package dev.refloat.controller.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.recovery.Finding;
import dev.refloat.recovery.ObjectId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldFindingsTest {

  private static final Class<? extends Finding> LOST = Finding.TerminatingOnLostNode.class;
  private static final Class<? extends Finding> UNLABELLED = Finding.UnlabelledButStranded.class;
  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

  private final ToldFindings told = new ToldFindings();

  @Test
  void what_is_found_again_is_not_told_again_whatever_its_evidence() {
    assertThat(told.now(LOST, List.of(lost("u1", "n1", TEN))).news()).hasSize(1);

    var again = told.now(LOST, List.of(lost("u1", "n1", TEN.plusSeconds(9))));

    assertThat(again.news()).isEmpty();
    assertThat(again.over()).isEmpty();
  }

  @Test
  void another_pod_or_another_node_is_news() {
    var _ = told.now(LOST, List.of(lost("u1", "n1", TEN)));

    assertThat(told.now(LOST, List.of(lost("u1", "n1", TEN), lost("u2", "n1", TEN))).news())
        .containsExactly(lost("u2", "n1", TEN));
    assertThat(told.now(LOST, List.of(lost("u1", "n2", TEN))).news())
        .containsExactly(lost("u1", "n2", TEN));
  }

  @Test
  void what_is_found_no_more_is_over_once_and_news_if_it_comes_back() {
    var _ = told.now(LOST, List.of(lost("u1", "n1", TEN)));

    assertThat(told.now(LOST, List.of()).over()).containsExactly(lost("u1", "n1", TEN));
    assertThat(told.now(LOST, List.of()).over()).isEmpty();
    assertThat(told.now(LOST, List.of(lost("u1", "n1", TEN))).news()).hasSize(1);
  }

  @Test
  void one_kind_says_nothing_about_the_other() {
    Finding unlabelled =
        new Finding.UnlabelledButStranded(
            new ObjectId("shop", "db-0", "u1", "1"), "db", "data-db-0");
    var _ = told.now(LOST, List.of(lost("u1", "n1", TEN)));

    var changes = told.now(UNLABELLED, List.of(unlabelled));

    assertThat(changes.news()).containsExactly(unlabelled);
    assertThat(changes.over()).isEmpty();
  }

  private static Finding lost(String uid, String node, Instant silentSince) {
    return new Finding.TerminatingOnLostNode(
        new ObjectId("shop", "db-0", uid, "1"), "db", node, TEN, silentSince);
  }
}
