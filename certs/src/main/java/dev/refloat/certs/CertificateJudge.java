package dev.refloat.certs;

import dev.refloat.certs.CertificatePlan.Reason;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Says what the next step is. Pure: facts and a time in, a plan out.
 *
 * <p>A certificate is replaced when a third of its life is left, which leaves a month to notice
 * that it did not work.
 */
public final class CertificateJudge {

  private static final int SHARE_LEFT = 3;

  private CertificateJudge() {}

  /** Returns the next step, {@link CertificatePlan.Nothing} if all is well. */
  public static CertificatePlan judge(CertificateFacts facts, Instant now) {
    return switch (facts.authority()) {
      case Stored.Absent<Credential>() ->
          new CertificatePlan.IssueAuthorityAndLeaf(new Reason.Absent());
      case Stored.Unusable<Credential>(String why) ->
          new CertificatePlan.IssueAuthorityAndLeaf(new Reason.Unusable(why));
      case Stored.Usable<Credential>(Credential authority) -> {
        Optional<Reason> objection = againstAuthority(authority, now);
        yield objection.isPresent()
            ? new CertificatePlan.IssueAuthorityAndLeaf(objection.get())
            : judge(authority, facts, now);
      }
    };
  }

  private static CertificatePlan judge(Credential authority, CertificateFacts facts, Instant now) {
    return switch (facts.serving()) {
      case Stored.Absent<Credential>() ->
          new CertificatePlan.IssueLeaf(authority, new Reason.Absent());
      case Stored.Unusable<Credential>(String why) ->
          new CertificatePlan.IssueLeaf(authority, new Reason.Unusable(why));
      case Stored.Usable<Credential>(Credential serving) ->
          againstServing(serving, authority, facts.wanted(), now)
              .<CertificatePlan>map(why -> new CertificatePlan.IssueLeaf(authority, why))
              .orElseGet(() -> new CertificatePlan.Nothing(authority, serving));
    };
  }

  private static Optional<Reason> againstAuthority(Credential authority, Instant now) {
    return authority.certificate().getBasicConstraints() < 0
        ? Optional.of(new Reason.NoAuthority())
        : againstTime(authority, now);
  }

  private static Optional<Reason> againstServing(
      Credential serving, Credential authority, Wanted wanted, Instant now) {
    if (!serving.isSignedBy(authority)) {
      return Optional.of(new Reason.ByAnotherAuthority());
    }
    NavigableSet<Host> missing = new TreeSet<>(wanted.hosts());
    missing.removeAll(serving.hosts());
    return missing.isEmpty()
        ? againstTime(serving, now)
        : Optional.of(new Reason.OtherHosts(missing));
  }

  private static Optional<Reason> againstTime(Credential credential, Instant now) {
    if (now.isBefore(credential.notBefore())) {
      return Optional.of(new Reason.NotYetValid(credential.notBefore()));
    }
    Instant due = credential.notAfter().minus(credential.life().dividedBy(SHARE_LEFT));
    return now.isBefore(due)
        ? Optional.empty()
        : Optional.of(new Reason.Due(credential.notAfter()));
  }
}
