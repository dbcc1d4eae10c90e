package dev.refloat.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectsTest {

  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");

  private static final Instant MADE = Instant.parse("2026-12-01T03:00:00Z");

  private final Suspects suspects = new Suspects();

  @Test
  void pods_are_found_by_their_set_in_the_order_of_their_names() {
    suspects.put(pod(DB, "db-1", "u1", "1"));
    suspects.put(pod(LOG, "log-0", "u2", "2"));
    suspects.put(pod(DB, "db-0", "u3", "3"));

    assertThat(suspects.of(DB)).extracting(Suspect::name).containsExactly("db-0", "db-1");
    assertThat(suspects.count()).isEqualTo(3);
  }

  @Test
  void a_newer_version_takes_the_place_of_the_older_one() {
    suspects.put(pod(DB, "db-0", "u1", "1"));
    suspects.put(pod(DB, "db-0", "u1", "2"));

    assertThat(suspects.of(DB)).containsExactly(pod(DB, "db-0", "u1", "2"));
  }

  @Test
  void what_has_left_is_found_no_more() {
    suspects.put(pod(DB, "db-0", "u1", "1"));

    suspects.remove("u1");
    suspects.remove("never there");

    assertThat(suspects.of(DB)).isEmpty();
    assertThat(suspects.all()).isEmpty();
  }

  @Test
  void a_new_list_tells_the_sets_of_pods_that_came_changed_or_left_and_no_others() {
    SetKey same = new SetKey("shop", "same");
    SetKey came = new SetKey("shop", "came");
    suspects.put(pod(same, "same-0", "u0", "1"));
    suspects.put(pod(DB, "db-0", "u1", "1"));
    suspects.put(pod(LOG, "log-0", "u2", "1"));

    assertThat(
            suspects.replace(
                List.of(
                    pod(same, "same-0", "u0", "1"),
                    pod(DB, "db-0", "u1", "2"),
                    pod(came, "came-0", "u3", "1"))))
        .containsExactlyInAnyOrder(DB, LOG, came);
    assertThat(suspects.of(LOG)).isEmpty();
    assertThat(suspects.of(came)).hasSize(1);
  }

  @Test
  void the_one_that_waits_longest_is_the_one_that_was_made_first() {
    assertThat(suspects.oldest()).isEmpty();
    suspects.put(pod(DB, "db-0", "u1", "1", MADE.plusSeconds(60)));
    suspects.put(pod(LOG, "log-0", "u2", "2", MADE));

    assertThat(suspects.oldest()).contains(MADE);
    suspects.remove("u2");
    assertThat(suspects.oldest()).contains(MADE.plusSeconds(60));
  }

  private static Suspect pod(SetKey set, String name, String uid, String version) {
    return pod(set, name, uid, version, MADE);
  }

  private static Suspect pod(
      SetKey set, String name, String uid, String version, Instant createdAt) {
    return new Suspect(new ObjectId(set.namespace(), name, uid, version), set, createdAt);
  }
}
