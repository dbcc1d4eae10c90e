package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.ISSUER;
import static dev.refloat.certs.Fixtures.NOW;
import static dev.refloat.certs.Fixtures.QUARTER;
import static dev.refloat.certs.Fixtures.WANTED;
import static dev.refloat.certs.Fixtures.YEAR;
import static dev.refloat.certs.Fixtures.after;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.certs.CertificatePlan.DropStaged;
import dev.refloat.certs.CertificatePlan.IssueAuthority;
import dev.refloat.certs.CertificatePlan.IssueLeaf;
import dev.refloat.certs.CertificatePlan.KeepAuthority;
import dev.refloat.certs.CertificatePlan.Nothing;
import dev.refloat.certs.CertificatePlan.PromoteAuthority;
import dev.refloat.certs.CertificatePlan.Reason;
import dev.refloat.certs.CertificatePlan.RetireAuthority;
import dev.refloat.certs.CertificatePlan.StageAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CertificateJudgeTest {

  private static final Duration LONG = Duration.ofHours(2);

  private final Credential authority = Fixtures.authority();
  private final Credential other = Fixtures.authority();
  private final Credential leaf = Fixtures.leaf(authority);

  @Test
  void leaves_good_certificates_alone() {
    assertThat(world().judge(NOW)).isEqualTo(nothing(leaf));
  }

  @Test
  void begins_with_an_authority() {
    assertThat(world().current(new Stored.Absent<>()).serving(new Stored.Absent<>()).judge(NOW))
        .isEqualTo(new IssueAuthority(Optional.empty(), new Reason.Absent()));
  }

  /** Serving certificates. */
  @Nested
  class ALeaf {

    @Test
    void is_issued_where_there_is_none_or_none_that_can_be_used() {
      assertThat(world().serving(new Stored.Absent<>()).judge(NOW))
          .isEqualTo(new IssueLeaf(authority, new Reason.Absent()));
      assertThat(world().serving(new Stored.Unusable<>("is garbage")).judge(NOW))
          .isEqualTo(new IssueLeaf(authority, new Reason.Unusable("is garbage")));
    }

    @Test
    void is_issued_although_the_one_that_somebody_took_away_is_still_served() {
      assertThat(world().serving(new Stored.Absent<>()).served(leaf).trusting(authority).judge(NOW))
          .isEqualTo(new IssueLeaf(authority, new Reason.Absent()));
    }

    @Test
    void is_issued_when_the_present_one_is_by_somebody_whom_nobody_trusts() {
      assertThat(world().current(usable(other)).judge(NOW))
          .isEqualTo(new IssueLeaf(other, new Reason.ByAnotherAuthority()));
    }

    @Test
    void is_issued_when_a_host_is_missing_but_not_when_there_is_one_too_many() {
      Credential elsewhere = Fixtures.leaf(authority, List.of("127.0.0.1", "elsewhere"));
      assertThat(world().serving(usable(elsewhere)).judge(NOW))
          .isEqualTo(
              new IssueLeaf(
                  authority,
                  new Reason.OtherHosts(
                      new TreeSet<>(List.of(Host.of("refloat-webhook.refloat-system.svc"))))));

      Credential more =
          Fixtures.leaf(
              authority, List.of("127.0.0.1", "elsewhere", "refloat-webhook.refloat-system.svc"));
      assertThat(world().serving(usable(more)).judge(NOW)).isEqualTo(nothing(more));
    }

    @Test
    void is_renewed_in_the_second_in_which_a_third_of_its_life_is_left() {
      Duration twoThirds = Duration.ofDays(60);

      assertThat(world().judge(after(twoThirds).minusSeconds(1))).isInstanceOf(Nothing.class);
      assertThat(world().judge(after(twoThirds)))
          .isEqualTo(new IssueLeaf(authority, new Reason.Due(leaf.notAfter())));
      assertThat(world().judge(after(QUARTER.plusDays(1)))).isInstanceOf(IssueLeaf.class);
    }

    @Test
    void is_renewed_by_the_present_authority_while_the_next_one_waits() {
      Instant due = after(Duration.ofDays(60));

      assertThat(world().next(usable(other)).trustedFor(other, LONG).judge(due))
          .isEqualTo(new IssueLeaf(authority, new Reason.Due(leaf.notAfter())));
    }

    @Test
    void of_seconds_is_judged_by_the_same_rule_although_it_begins_an_hour_ago() {
      Credential shortLived = ISSUER.leaf(authority, WANTED.hosts(), NOW, Duration.ofSeconds(9));
      World world = world().serving(usable(shortLived));

      assertThat(world.judge(NOW.plusSeconds(5))).isInstanceOf(Nothing.class);
      assertThat(world.judge(NOW.plusSeconds(6))).isInstanceOf(IssueLeaf.class);
    }

    @Test
    void that_was_just_issued_is_left_alone() {
      Instant late = after(Duration.ofDays(239));
      Credential last = ISSUER.leaf(authority, WANTED.hosts(), late, QUARTER);

      assertThat(world().serving(usable(last)).judge(late)).isEqualTo(nothing(last));
    }
  }

  /** Publish, promote, retire. */
  @Nested
  class AChangeOfTheAuthority {

    private final Instant due = after(Duration.ofDays(240));
    private final Credential fresh =
        ISSUER.leaf(authority, WANTED.hosts(), due.minus(Duration.ofHours(1)), QUARTER);
    private final Credential next = ISSUER.authority(due, YEAR);
    private final World staged = world().serving(usable(fresh)).next(usable(next));

    @Test
    void begins_in_the_second_in_which_a_third_of_its_life_is_left() {
      World world = world().serving(usable(fresh));

      assertThat(world.judge(due.minusSeconds(1))).isInstanceOf(Nothing.class);
      assertThat(world.judge(due))
          .isEqualTo(new StageAuthority(new Reason.Due(authority.notAfter())));
    }

    @Test
    void waits_until_the_API_server_has_trusted_the_next_one_for_long_enough() {
      assertThat(staged.judge(due)).isEqualTo(nothing(fresh));
      assertThat(staged.trustedFor(next, WANTED.settling().minusMillis(1)).judge(due))
          .isEqualTo(nothing(fresh));
      assertThat(staged.trustedFor(authority, LONG).judge(due)).isEqualTo(nothing(fresh));
      assertThat(staged.trustedFor(next, WANTED.settling()).judge(due))
          .isEqualTo(
              new PromoteAuthority(
                  next,
                  Optional.of(authority.anchor()),
                  new Reason.Settled(Duration.ofMinutes(5))));
    }

    @Test
    void does_not_go_on_with_one_that_has_not_begun() {
      Credential later = ISSUER.authority(due.plus(LONG), YEAR);

      assertThat(staged.next(usable(later)).trustedFor(later, LONG).judge(due))
          .isEqualTo(nothing(fresh));
    }

    @Test
    void goes_on_with_one_that_was_staged_early() {
      assertThat(world().next(usable(other)).trustedFor(other, LONG).judge(NOW))
          .isInstanceOf(PromoteAuthority.class);
    }

    @Test
    void drops_one_that_cannot_be_used() {
      Credential ended = ISSUER.authority(NOW.minus(YEAR), YEAR.minusDays(1));

      assertThat(world().next(new Stored.Unusable<>("has no next.key")).judge(NOW))
          .isEqualTo(new DropStaged(new Reason.Unusable("has no next.key")));
      assertThat(world().next(usable(leaf)).judge(NOW))
          .isEqualTo(new DropStaged(new Reason.NoAuthority()));
      assertThat(world().next(usable(ended)).judge(NOW))
          .isEqualTo(new DropStaged(new Reason.Ended(ended.notAfter())));
    }

    @Test
    void issues_a_leaf_as_soon_as_the_API_server_trusts_who_signs_it() {
      World promoted = promoted();

      assertThat(promoted.judge(due)).isEqualTo(nothing(fresh));
      assertThat(promoted.trustedFor(next, WANTED.settling()).judge(due))
          .isEqualTo(new IssueLeaf(next, new Reason.ByAnotherAuthority()));
    }

    @Test
    void issues_a_leaf_at_once_where_the_present_one_is_good_for_nothing() {
      Credential elsewhere = Fixtures.leaf(authority, List.of("elsewhere"));

      assertThat(promoted().serving(usable(elsewhere)).judge(NOW)).isInstanceOf(IssueLeaf.class);
      assertThat(promoted().judge(fresh.notAfter())).isInstanceOf(IssueLeaf.class);
    }

    @Test
    void waits_before_the_leaf_that_was_taken_away_is_replaced_as_long_as_it_is_served() {
      World taken = promoted().serving(new Stored.Absent<>());

      assertThat(taken.served(fresh).judge(due))
          .isEqualTo(new Nothing(Optional.empty(), Optional.empty()));
      assertThat(taken.judge(due)).isEqualTo(new IssueLeaf(next, new Reason.Absent()));
    }

    @Test
    void retires_the_previous_one_when_everybody_has_had_the_chance_to_load_the_new_leaf() {
      Credential successor = ISSUER.leaf(next, WANTED.hosts(), due, QUARTER);
      World lead = promoted().serving(usable(successor));

      assertThat(lead.storedFor(successor, WANTED.overlap().minusMillis(1)).judge(due))
          .isEqualTo(nothing(successor));
      assertThat(lead.storedFor(successor, WANTED.overlap()).judge(due))
          .isEqualTo(new RetireAuthority(new Reason.Superseded(Duration.ofHours(1))));
      assertThat(lead.storedFor(fresh, LONG).judge(due)).isEqualTo(nothing(successor));
    }

    @Test
    void retires_a_previous_one_that_has_ended_or_cannot_be_used() {
      assertThat(promoted().judge(authority.notAfter()))
          .isEqualTo(new RetireAuthority(new Reason.Ended(authority.notAfter())));
      assertThat(world().previous(new Stored.Unusable<>("is garbage")).judge(NOW))
          .isEqualTo(new RetireAuthority(new Reason.Unusable("is garbage")));
      assertThat(world().previous(new Stored.Usable<>(leaf.anchor())).judge(NOW))
          .isEqualTo(new RetireAuthority(new Reason.NoAuthority()));
    }

    @Test
    void ends_before_the_next_one_begins() {
      World late = world().serving(usable(fresh)).previous(new Stored.Usable<>(other.anchor()));

      assertThat(late.judge(due)).isEqualTo(nothing(fresh));
      assertThat(late.storedFor(fresh, LONG).judge(due)).isInstanceOf(RetireAuthority.class);
    }

    private World promoted() {
      return world()
          .serving(usable(fresh))
          .current(usable(next))
          .previous(new Stored.Usable<>(authority.anchor()));
    }
  }

  /** Nobody can be led over by an authority that cannot sign. */
  @Nested
  class AnAuthorityThatIsLost {

    @Test
    void is_replaced_and_trusted_on_where_it_has_signed_what_is_served() {
      Optional<Anchor> trustedOn = Optional.of(authority.anchor());

      assertThat(world().current(new Stored.Absent<>()).trusting(authority).judge(NOW))
          .isEqualTo(new IssueAuthority(trustedOn, new Reason.Absent()));
      assertThat(
              world()
                  .current(new Stored.Absent<>())
                  .serving(new Stored.Absent<>())
                  .served(leaf)
                  .trusting(authority)
                  .judge(NOW))
          .isEqualTo(new IssueAuthority(trustedOn, new Reason.Absent()));
      assertThat(
              world()
                  .current(new Stored.Unusable<>("has no ca.key"))
                  .trusting(other, authority)
                  .judge(NOW))
          .isEqualTo(new IssueAuthority(trustedOn, new Reason.Unusable("has no ca.key")));
    }

    @Test
    void is_not_trusted_on_where_nobody_trusts_it_or_nothing_by_it_is_of_use() {
      assertThat(world().current(new Stored.Absent<>()).trusting(other).judge(NOW))
          .isEqualTo(new IssueAuthority(Optional.empty(), new Reason.Absent()));
      assertThat(
              world()
                  .current(new Stored.Absent<>())
                  .serving(usable(Fixtures.leaf(authority, List.of("elsewhere"))))
                  .trusting(authority)
                  .judge(NOW))
          .isEqualTo(new IssueAuthority(Optional.empty(), new Reason.Absent()));
      assertThat(world().current(new Stored.Absent<>()).trusting(authority).judge(leaf.notAfter()))
          .isEqualTo(new IssueAuthority(Optional.empty(), new Reason.Absent()));
    }

    @Test
    void leaves_the_previous_one_trusted_where_that_has_signed_what_is_served() {
      assertThat(
              world()
                  .current(new Stored.Absent<>())
                  .previous(new Stored.Usable<>(authority.anchor()))
                  .trusting(authority)
                  .judge(NOW))
          .isEqualTo(new IssueAuthority(Optional.empty(), new Reason.Absent()));
    }

    @Test
    void is_replaced_by_the_staged_one_if_that_is_good() {
      World lost = world().current(new Stored.Absent<>()).trusting(authority);

      assertThat(lost.next(usable(other)).judge(NOW))
          .isEqualTo(
              new PromoteAuthority(other, Optional.of(authority.anchor()), new Reason.Absent()));
      assertThat(lost.next(usable(leaf)).judge(NOW)).isInstanceOf(IssueAuthority.class);
    }

    @Test
    void is_no_authority_or_has_ended() {
      assertThat(world().current(usable(leaf)).judge(NOW))
          .isEqualTo(new IssueAuthority(Optional.empty(), new Reason.NoAuthority()));
      assertThat(world().judge(authority.notAfter()))
          .isEqualTo(new IssueAuthority(Optional.empty(), new Reason.Ended(authority.notAfter())));
    }

    @Test
    void is_trusted_on_when_somebody_has_replaced_its_Secret() {
      World replaced = world().current(usable(other)).trusting(authority);

      assertThat(replaced.judge(NOW))
          .isEqualTo(new KeepAuthority(authority.anchor(), new Reason.StillServed()));
      World kept = replaced.previous(new Stored.Usable<>(authority.anchor()));
      assertThat(kept.judge(NOW)).isEqualTo(nothing(leaf));
      assertThat(kept.trustedFor(other, LONG).judge(NOW))
          .isEqualTo(new IssueLeaf(other, new Reason.ByAnotherAuthority()));
    }
  }

  /** A webhook configuration could not be read. */
  @Nested
  class ABlindLook {

    @Test
    void issues_nothing_while_something_is_served_that_may_be_trusted() {
      assertThat(world().current(usable(other)).blind().judge(NOW)).isEqualTo(nothing(leaf));
      assertThat(world().current(usable(other)).blind().judge(leaf.notAfter()))
          .isInstanceOf(IssueLeaf.class);
    }

    @Test
    void issues_what_is_not_there() {
      assertThat(world().serving(new Stored.Absent<>()).blind().judge(NOW))
          .isInstanceOf(IssueLeaf.class);
      assertThat(world().serving(new Stored.Absent<>()).served(leaf).blind().judge(NOW))
          .isInstanceOf(IssueLeaf.class);
    }
  }

  /** One hour is what certificates are backdated by. */
  @Nested
  class AClockThatIsWrong {

    @Test
    void by_an_hour_changes_nothing() {
      assertThat(world().judge(NOW.minus(Duration.ofHours(1)))).isEqualTo(nothing(leaf));
      assertThat(world().judge(NOW.plus(Duration.ofHours(1)))).isEqualTo(nothing(leaf));
    }

    @Test
    void by_an_hour_issues_what_a_right_one_takes() {
      for (Instant wrong : List.of(after(Duration.ofHours(1)), after(Duration.ofHours(-1)))) {
        Credential theirs = ISSUER.authority(wrong, YEAR);
        Credential leafByThem = ISSUER.leaf(theirs, WANTED.hosts(), wrong, QUARTER);

        assertThat(world().current(usable(theirs)).serving(usable(leafByThem)).judge(NOW))
            .isEqualTo(nothing(leafByThem));
      }
    }

    @Test
    void by_months_replaces_nothing_and_is_told() {
      Instant longAgo = NOW.minus(Duration.ofDays(100));

      assertThat(world().judge(longAgo))
          .isEqualTo(
              new Nothing(
                  Optional.of(leaf), Optional.of(new Reason.NotYetValid(authority.notBefore()))));
      assertThat(new Reason.NotYetValid(NOW).toString()).contains("check the clocks");
    }

    @Test
    void of_whoever_made_the_authority_is_told_although_its_leaf_is_good() {
      Credential late = ISSUER.authority(after(Duration.ofDays(2)), YEAR);
      Credential good = ISSUER.leaf(late, WANTED.hosts(), NOW, QUARTER);

      assertThat(world().current(usable(late)).serving(usable(good)).judge(NOW))
          .isEqualTo(
              new Nothing(
                  Optional.of(good), Optional.of(new Reason.NotYetValid(late.notBefore()))));
    }

    @Test
    void by_months_issues_a_leaf_where_there_is_none_and_a_right_one_answers_once() {
      Instant longAgo = NOW.minus(Duration.ofDays(100));
      World world = world().serving(new Stored.Absent<>());
      assertThat(world.judge(longAgo)).isInstanceOf(IssueLeaf.class);

      Credential tooOld = ISSUER.leaf(authority, WANTED.hosts(), longAgo, QUARTER);
      assertThat(world.serving(usable(tooOld)).judge(NOW)).isInstanceOf(IssueLeaf.class);
      assertThat(world.serving(usable(leaf)).judge(longAgo)).isInstanceOf(Nothing.class);
      assertThat(world.serving(usable(leaf)).judge(NOW)).isEqualTo(nothing(leaf));
    }
  }

  private World world() {
    return new World(
        new Authorities(usable(authority), new Stored.Absent<>(), new Stored.Absent<>()),
        usable(leaf),
        Optional.empty(),
        new Trust.Known(List.of()),
        Sightings.NONE);
  }

  private static Nothing nothing(Credential leaf) {
    return new Nothing(Optional.of(leaf), Optional.empty());
  }

  private static Stored<Credential> usable(Credential credential) {
    return new Stored.Usable<>(credential);
  }

  /** Good certificates by one authority, unless said otherwise. */
  private record World(
      Authorities authorities,
      Stored<Credential> serving,
      Optional<Credential> served,
      Trust trust,
      Sightings sightings) {

    World current(Stored<Credential> current) {
      return with(new Authorities(current, authorities.next(), authorities.previous()));
    }

    World next(Stored<Credential> next) {
      return with(new Authorities(authorities.current(), next, authorities.previous()));
    }

    World previous(Stored<Anchor> previous) {
      return with(new Authorities(authorities.current(), authorities.next(), previous));
    }

    World serving(Stored<Credential> leaf) {
      return new World(authorities, leaf, served, trust, sightings);
    }

    World served(Credential leaf) {
      return new World(authorities, serving, Optional.of(leaf), trust, sightings);
    }

    /** One entry trusts these. */
    World trusting(Credential... trusted) {
      Set<X509Certificate> entry =
          Set.copyOf(List.of(trusted).stream().map(Credential::certificate).toList());
      return new World(authorities, serving, served, new Trust.Known(List.of(entry)), sightings);
    }

    /** Nobody could look. */
    World blind() {
      return new World(authorities, serving, served, new Trust.Unknown(), sightings);
    }

    World trustedFor(Credential authority, Duration duration) {
      return with(
          new Sightings(
              NOW, Map.of(authority.certificate(), NOW.minus(duration)), sightings.stored()));
    }

    World storedFor(Credential leaf, Duration duration) {
      return with(
          new Sightings(NOW, sightings.trusted(), Map.of(leaf.certificate(), NOW.minus(duration))));
    }

    CertificatePlan judge(Instant now) {
      return CertificateJudge.judge(
          new CertificateFacts(authorities, serving, served, trust, sightings, WANTED), now);
    }

    private World with(Authorities changed) {
      return new World(changed, serving, served, trust, sightings);
    }

    private World with(Sightings changed) {
      return new World(authorities, serving, served, trust, changed);
    }
  }
}
