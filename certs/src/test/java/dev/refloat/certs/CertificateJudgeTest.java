package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.ISSUER;
import static dev.refloat.certs.Fixtures.NOW;
import static dev.refloat.certs.Fixtures.QUARTER;
import static dev.refloat.certs.Fixtures.WANTED;
import static dev.refloat.certs.Fixtures.YEAR;
import static dev.refloat.certs.Fixtures.after;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.certs.CertificatePlan.IssueAuthorityAndLeaf;
import dev.refloat.certs.CertificatePlan.IssueLeaf;
import dev.refloat.certs.CertificatePlan.Nothing;
import dev.refloat.certs.CertificatePlan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CertificateJudgeTest {

  private final Credential authority = Fixtures.authority();
  private final Credential leaf = Fixtures.leaf(authority);

  @Test
  void leaves_good_certificates_alone() {
    assertThat(judge(usable(authority), usable(leaf), NOW)).isEqualTo(new Nothing(authority, leaf));
  }

  @Test
  void begins_with_an_authority() {
    assertThat(judge(new Stored.Absent<>(), new Stored.Absent<>(), NOW))
        .isEqualTo(new IssueAuthorityAndLeaf(new Reason.Absent()));
  }

  @Test
  void replaces_an_authority_that_cannot_be_used_although_the_leaf_can() {
    assertThat(judge(new Stored.Unusable<>("has no ca.key"), usable(leaf), NOW))
        .isEqualTo(new IssueAuthorityAndLeaf(new Reason.Unusable("has no ca.key")));
  }

  @Test
  void replaces_an_authority_that_is_none() {
    assertThat(judge(usable(leaf), usable(leaf), NOW))
        .isEqualTo(new IssueAuthorityAndLeaf(new Reason.NoAuthority()));
  }

  @Test
  void issues_a_leaf_where_there_is_none_or_none_that_can_be_used() {
    assertThat(judge(usable(authority), new Stored.Absent<>(), NOW))
        .isEqualTo(new IssueLeaf(authority, new Reason.Absent()));
    assertThat(judge(usable(authority), new Stored.Unusable<>("is garbage"), NOW))
        .isEqualTo(new IssueLeaf(authority, new Reason.Unusable("is garbage")));
  }

  @Test
  void issues_a_leaf_when_the_present_one_is_by_another_authority_of_the_same_name() {
    assertThat(judge(usable(Fixtures.authority()), usable(leaf), NOW))
        .extracting(plan -> ((IssueLeaf) plan).why())
        .isEqualTo(new Reason.ByAnotherAuthority());
  }

  @Test
  void issues_a_leaf_when_a_host_is_missing_but_not_when_there_is_one_too_many() {
    Credential other = Fixtures.leaf(authority, List.of("127.0.0.1", "elsewhere"));
    assertThat(judge(usable(authority), usable(other), NOW))
        .isEqualTo(
            new IssueLeaf(
                authority,
                new Reason.OtherHosts(
                    new TreeSet<>(List.of(Host.of("refloat-webhook.refloat-system.svc"))))));

    Credential more =
        Fixtures.leaf(
            authority, List.of("127.0.0.1", "elsewhere", "refloat-webhook.refloat-system.svc"));
    assertThat(judge(usable(authority), usable(more), NOW)).isEqualTo(new Nothing(authority, more));
  }

  @Test
  void renews_a_leaf_in_the_second_in_which_a_third_of_its_life_is_left() {
    Duration twoThirds = Duration.ofDays(60);

    assertThat(judge(usable(authority), usable(leaf), after(twoThirds).minusSeconds(1)))
        .isInstanceOf(Nothing.class);
    assertThat(judge(usable(authority), usable(leaf), after(twoThirds)))
        .isEqualTo(new IssueLeaf(authority, new Reason.Due(leaf.notAfter())));
  }

  @Test
  void renews_an_authority_in_the_second_in_which_a_third_of_its_life_is_left() {
    Duration twoThirds = Duration.ofDays(240);
    Credential fresh =
        ISSUER.leaf(authority, WANTED.hosts(), after(twoThirds.minusHours(1)), QUARTER);

    assertThat(judge(usable(authority), usable(fresh), after(twoThirds).minusSeconds(1)))
        .isInstanceOf(Nothing.class);
    assertThat(judge(usable(authority), usable(fresh), after(twoThirds)))
        .isEqualTo(new IssueAuthorityAndLeaf(new Reason.Due(authority.notAfter())));
  }

  @Test
  void replaces_what_has_ended() {
    assertThat(judge(usable(authority), usable(leaf), after(YEAR.plusDays(1))))
        .isInstanceOf(IssueAuthorityAndLeaf.class);
    assertThat(judge(usable(authority), usable(leaf), after(QUARTER.plusDays(1))))
        .isInstanceOf(IssueLeaf.class);
  }

  @Test
  void lives_of_seconds_are_judged_by_the_same_rule_although_they_begin_an_hour_ago() {
    Credential authority = ISSUER.authority(NOW, Duration.ofSeconds(30));
    Credential leaf = ISSUER.leaf(authority, WANTED.hosts(), NOW, Duration.ofSeconds(9));

    assertThat(judge(usable(authority), usable(leaf), NOW.plusSeconds(5)))
        .isInstanceOf(Nothing.class);
    assertThat(judge(usable(authority), usable(leaf), NOW.plusSeconds(6)))
        .isInstanceOf(IssueLeaf.class);
  }

  @Test
  void a_clock_that_is_an_hour_slow_or_fast_changes_nothing() {
    assertThat(judge(usable(authority), usable(leaf), NOW.minus(Duration.ofHours(1))))
        .isInstanceOf(Nothing.class);
    assertThat(judge(usable(authority), usable(leaf), NOW.plus(Duration.ofHours(1))))
        .isInstanceOf(Nothing.class);
  }

  @Test
  void replaces_what_is_not_valid_yet_and_says_that_a_clock_is_wrong() {
    Instant longAgo = NOW.minus(Duration.ofHours(2));

    assertThat(judge(usable(authority), usable(leaf), longAgo))
        .isEqualTo(new IssueAuthorityAndLeaf(new Reason.NotYetValid(authority.notBefore())));
    assertThat(new Reason.NotYetValid(NOW).toString()).contains("check the clocks");
  }

  @Test
  void what_was_issued_is_left_alone_at_once() {
    Instant late = after(Duration.ofDays(239));
    Credential last = ISSUER.leaf(authority, WANTED.hosts(), late, QUARTER);

    assertThat(judge(usable(authority), usable(last), late)).isInstanceOf(Nothing.class);
  }

  private static CertificatePlan judge(
      Stored<Credential> authority, Stored<Credential> serving, Instant now) {
    return CertificateJudge.judge(new CertificateFacts(authority, serving, WANTED), now);
  }

  private static Stored<Credential> usable(Credential credential) {
    return new Stored.Usable<>(credential);
  }
}
