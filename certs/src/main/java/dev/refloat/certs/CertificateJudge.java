package dev.refloat.certs;

import dev.refloat.certs.CertificatePlan.Reason;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Says what the next step is. Pure: facts and a time in, a plan out.
 *
 * <p>A certificate is replaced when a third of its life is left, which leaves a month to notice
 * that it did not work.
 *
 * <p>One that begins in the future is never replaced. Either our clock is slow, and then it is a
 * good one; or it was issued by a clock that was fast, and who replaced it by a slow one would be
 * replaced in turn, for ever.
 */
final class CertificateJudge {

  private static final int SHARE_LEFT = 3;

  private CertificateJudge() {}

  /** Returns the next step, {@link CertificatePlan.Nothing} if there is none at the moment. */
  static CertificatePlan judge(CertificateFacts facts, Instant now) {
    return switch (facts.authorities().current()) {
      case Stored.Absent<Credential>() -> beginAnew(facts, new Reason.Absent(), now);
      case Stored.Unusable<Credential>(String why) ->
          beginAnew(facts, new Reason.Unusable(why), now);
      case Stored.Usable<Credential>(Credential authority) ->
          againstAnchor(authority.anchor(), now)
              .map(why -> beginAnew(facts, why, now))
              .orElseGet(() -> tidy(authority, facts, now));
    };
  }

  /** There is nobody to sign. */
  private static CertificatePlan beginAnew(CertificateFacts facts, Reason why, Instant now) {
    Optional<Anchor> inUse = forgottenSigner(facts, now);
    return facts.authorities().next() instanceof Stored.Usable<Credential>(Credential next)
            && againstAnchor(next.anchor(), now).isEmpty()
        ? new CertificatePlan.PromoteAuthority(next, inUse, why)
        : new CertificatePlan.IssueAuthority(inUse, why);
  }

  /** Takes away what cannot be used beside the present authority. */
  private static CertificatePlan tidy(Credential authority, CertificateFacts facts, Instant now) {
    Optional<Reason> againstNext = against(facts.authorities().next().map(Credential::anchor), now);
    if (againstNext.isPresent()) {
      return new CertificatePlan.DropStaged(againstNext.get());
    }
    Optional<Reason> againstPrevious = against(facts.authorities().previous(), now);
    return againstPrevious
        .<CertificatePlan>map(CertificatePlan.RetireAuthority::new)
        .orElseGet(() -> serve(authority, facts, now));
  }

  private static CertificatePlan serve(Credential authority, CertificateFacts facts, Instant now) {
    return switch (facts.serving()) {
      case Stored.Absent<Credential>() -> leadOver(authority, facts, new Reason.Absent(), now);
      case Stored.Unusable<Credential>(String why) ->
          leadOver(authority, facts, new Reason.Unusable(why), now);
      case Stored.Usable<Credential>(Credential serving) -> {
        if (!serving.isSignedBy(authority)) {
          yield leadOver(authority, facts, new Reason.ByAnotherAuthority(), now);
        }
        Optional<Reason> objection =
            againstHosts(serving, facts.wanted()).or(() -> due(serving, now));
        yield objection.isPresent()
            ? new CertificatePlan.IssueLeaf(authority, objection.get())
            : change(authority, serving, facts, now);
      }
    };
  }

  /**
   * A certificate by the present authority is wanted. While one by another authority is in use and
   * good, this waits until the API server trusts both.
   */
  private static CertificatePlan leadOver(
      Credential authority, CertificateFacts facts, Reason why, Instant now) {
    Optional<Anchor> forgotten = forgottenSigner(facts, now);
    if (forgotten.isPresent() && facts.authorities().previous() instanceof Stored.Absent<Anchor>) {
      return new CertificatePlan.KeepAuthority(forgotten.get(), new Reason.StillServed());
    }
    return good(facts, now).filter(leaf -> isToBeKept(leaf, authority, facts)).isPresent()
        ? nothing(facts, now)
        : new CertificatePlan.IssueLeaf(authority, why);
  }

  /** Whether a certificate by {@code authority} would be refused where {@code leaf} is accepted. */
  private static boolean isToBeKept(Credential leaf, Credential authority, CertificateFacts facts) {
    if (leaf.isSignedBy(authority)) {
      return false;
    }
    return isSignedByPrevious(leaf, facts)
        ? !facts.sightings().isTrustedFor(facts.wanted().settling(), authority.certificate())
        : facts.trust() instanceof Trust.Unknown;
  }

  /** All is well with what is served; leads the next authority in, one step at a time. */
  private static CertificatePlan change(
      Credential authority, Credential serving, CertificateFacts facts, Instant now) {
    Wanted wanted = facts.wanted();
    if (facts.authorities().previous() instanceof Stored.Usable<Anchor>) {
      return facts.sightings().isStoredFor(wanted.overlap(), serving.certificate())
          ? new CertificatePlan.RetireAuthority(new Reason.Superseded(wanted.overlap()))
          : nothing(facts, now);
    }
    if (facts.authorities().next() instanceof Stored.Usable<Credential>(Credential next)) {
      boolean hasBegun = !now.isBefore(next.notBefore());
      return hasBegun && facts.sightings().isTrustedFor(wanted.settling(), next.certificate())
          ? new CertificatePlan.PromoteAuthority(
              next, Optional.of(authority.anchor()), new Reason.Settled(wanted.settling()))
          : nothing(facts, now);
    }
    return due(authority, now)
        .<CertificatePlan>map(CertificatePlan.StageAuthority::new)
        .orElseGet(() -> nothing(facts, now));
  }

  private static CertificatePlan nothing(CertificateFacts facts, Instant now) {
    Optional<Credential> serving =
        facts.serving() instanceof Stored.Usable<Credential>(Credential leaf)
            ? Optional.of(leaf)
            : Optional.empty();
    Optional<Credential> authority =
        facts.authorities().current() instanceof Stored.Usable<Credential>(Credential current)
            ? Optional.of(current)
            : Optional.empty();
    return new CertificatePlan.Nothing(
        serving,
        Stream.of(authority, serving)
            .flatMap(Optional::stream)
            .map(Credential::notBefore)
            .filter(now::isBefore)
            .findFirst()
            .map(Reason.NotYetValid::new));
  }

  /**
   * Returns who has signed what is in use, if that is good, the API server trusts it, and nobody
   * but the API server knows of it any more.
   */
  private static Optional<Anchor> forgottenSigner(CertificateFacts facts, Instant now) {
    return good(facts, now)
        .filter(leaf -> !isSignedByPrevious(leaf, facts))
        .filter(leaf -> !isSignedByCurrent(leaf, facts))
        .flatMap(leaf -> facts.trust().signerOf(leaf, now));
  }

  /** The certificate in use if it can go on being used for a while. */
  private static Optional<Credential> good(CertificateFacts facts, Instant now) {
    return facts
        .inUse()
        .filter(leaf -> now.isBefore(leaf.notAfter()))
        .filter(leaf -> againstHosts(leaf, facts.wanted()).isEmpty());
  }

  private static boolean isSignedByPrevious(Credential leaf, CertificateFacts facts) {
    return facts.authorities().previous() instanceof Stored.Usable<Anchor>(Anchor previous)
        && previous.hasSigned(leaf);
  }

  private static boolean isSignedByCurrent(Credential leaf, CertificateFacts facts) {
    return facts.authorities().current() instanceof Stored.Usable<Credential>(Credential current)
        && leaf.isSignedBy(current);
  }

  private static Optional<Reason> against(Stored<Anchor> stored, Instant now) {
    return switch (stored) {
      case Stored.Absent<Anchor>() -> Optional.empty();
      case Stored.Unusable<Anchor>(String why) -> Optional.of(new Reason.Unusable(why));
      case Stored.Usable<Anchor>(Anchor anchor) -> againstAnchor(anchor, now);
    };
  }

  private static Optional<Reason> againstAnchor(Anchor anchor, Instant now) {
    if (!anchor.isAuthority()) {
      return Optional.of(new Reason.NoAuthority());
    }
    return now.isBefore(anchor.notAfter())
        ? Optional.empty()
        : Optional.of(new Reason.Ended(anchor.notAfter()));
  }

  private static Optional<Reason> againstHosts(Credential leaf, Wanted wanted) {
    NavigableSet<Host> missing = new TreeSet<>(wanted.hosts());
    missing.removeAll(leaf.hosts());
    return missing.isEmpty() ? Optional.empty() : Optional.of(new Reason.OtherHosts(missing));
  }

  private static Optional<Reason> due(Credential credential, Instant now) {
    Instant due = credential.notAfter().minus(credential.life().dividedBy(SHARE_LEFT));
    return now.isBefore(due)
        ? Optional.empty()
        : Optional.of(new Reason.Due(credential.notAfter()));
  }
}
