package dev.refloat.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.recovery.Finding;
import dev.refloat.recovery.ObjectId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FindingWordsTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00.123Z");

  @Test
  void S17_says_that_the_machine_must_be_off_before_it_gives_the_commands() {
    String words =
        FindingWords.of(
            new Finding.TerminatingOnLostNode(
                new ObjectId("shop", "db-0", "u", "1"), "db", "n1", TEN, TEN.minusSeconds(90)));

    assertThat(words)
        .startsWith(
            "db-0 should have been gone at 2026-11-23T10:00:00Z, but its node n1 is not Ready and its kubelet is silent since 2026-11-23T09:58:30Z")
        .containsSubsequence(
            "make sure that the machine is off",
            "`kubectl taint nodes n1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`",
            "`kubectl delete node n1`",
            "end all pods of that node",
            "pause first (refloat.dev/paused)",
            "never deletes a pod by force");
    assertThat(words).doesNotContain("--force");
  }

  @Test
  void S49_names_the_webhook_and_gives_the_command_for_that_pod() {
    assertThat(
            FindingWords.of(
                new Finding.UnlabelledButStranded(
                    new ObjectId("shop", "db-0", "u", "1"), "db", "data-db-0")))
        .contains(
            "its claim data-db-0 is on local storage",
            "the webhook was away",
            "`kubectl delete pod -n shop db-0`");
  }

  @Test
  void words_about_the_longest_names_fit_an_Event() {
    String name = "x".repeat(63);
    ObjectId pod = new ObjectId(name, name, "u", "1");

    assertThat(
            FindingWords.of(new Finding.TerminatingOnLostNode(pod, name, "n".repeat(63), TEN, TEN)))
        .hasSizeLessThan(1024);
    assertThat(FindingWords.of(new Finding.UnlabelledButStranded(pod, name, "c".repeat(127))))
        .hasSizeLessThan(1024);
  }
}
