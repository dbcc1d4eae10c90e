package dev.refloat.certs;

import dev.refloat.certs.ClusterObjects.Change;
import dev.refloat.certs.ClusterObjects.Swap;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the steps of a plan, and tells each one that was taken. */
final class CertificateSteps {

  private static final Logger log = LoggerFactory.getLogger(CertificateSteps.class);

  private final ClusterObjects cluster;
  private final CertificateObserver observer;
  private final Issuer issuer;
  private final Wanted wanted;

  CertificateSteps(
      ClusterObjects cluster, CertificateObserver observer, Issuer issuer, Wanted wanted) {
    this.cluster = cluster;
    this.observer = observer;
    this.issuer = issuer;
    this.wanted = wanted;
  }

  /**
   * Takes one step, if the Secrets still are as they were found. What came of it is told, and seen
   * at the next look.
   */
  void take(CertificatePlan.Step step, Secrets found, Instant now) throws ClusterFailedException {
    switch (step) {
      case CertificatePlan.IssueLeaf(Credential authority, _) ->
          issueLeaf(authority, step, found, now);
      case CertificatePlan.IssueAuthority(Optional<Anchor> previous, _) -> {
        Credential authority = issuer.authority(now, wanted.authorityLifetime());
        Map<String, String> entries = previous(previous);
        entries.put(Authorities.CURRENT_CERTIFICATE, Pem.write(authority.chain()));
        entries.put(Authorities.CURRENT_KEY, Pem.write(authority.key()));
        change(step, found, Change.put(entries), CertificateStep.ISSUED, authority);
      }
      case CertificatePlan.StageAuthority _ -> {
        Credential next = issuer.authority(now, wanted.authorityLifetime());
        Map<String, String> entries =
            Map.of(
                Authorities.NEXT_CERTIFICATE, Pem.write(next.chain()),
                Authorities.NEXT_KEY, Pem.write(next.key()));
        change(step, found, Change.put(entries), CertificateStep.STAGED, next);
      }
      case CertificatePlan.PromoteAuthority(Credential next, Optional<Anchor> previous, _) -> {
        Map<String, String> entries = previous(previous);
        entries.put(Authorities.CURRENT_CERTIFICATE, Pem.write(next.chain()));
        entries.put(Authorities.CURRENT_KEY, Pem.write(next.key()));
        Change change =
            new Change(entries, Set.of(Authorities.NEXT_CERTIFICATE, Authorities.NEXT_KEY));
        change(step, found, change, CertificateStep.PROMOTED, next);
      }
      case CertificatePlan.RetireAuthority _ ->
          change(
              step,
              found,
              Change.remove(Authorities.PREVIOUS_CERTIFICATE),
              CertificateStep.RETIRED,
              found.authorities().previous());
      case CertificatePlan.DropStaged _ ->
          change(
              step,
              found,
              Change.remove(Authorities.NEXT_CERTIFICATE, Authorities.NEXT_KEY),
              CertificateStep.DROPPED,
              found.authorities().next());
      case CertificatePlan.KeepAuthority(Anchor previous, _) ->
          change(
              step,
              found,
              Change.put(previous(Optional.of(previous))),
              CertificateStep.KEPT,
              previous);
    }
  }

  private void issueLeaf(
      Credential authority, CertificatePlan.Step step, Secrets found, Instant now)
      throws ClusterFailedException {
    Credential leaf = issuer.leaf(authority, wanted.hosts(), now, wanted.leafLifetime());
    Map<String, String> entries =
        Map.of(
            Secrets.SERVING_CERTIFICATE, Pem.write(leaf.chain()),
            Secrets.SERVING_KEY, Pem.write(leaf.key()));
    Swap swap = cluster.swap(Secrets.SERVING, found.serving(), true, Change.put(entries));
    tell(
        swap,
        CertificateObserver.Kind.SERVING,
        Secrets.SERVING,
        CertificateStep.ISSUED,
        step.why(),
        leaf);
  }

  private void change(
      CertificatePlan.Step step,
      Secrets found,
      Change change,
      CertificateStep done,
      Object certificate)
      throws ClusterFailedException {
    Swap swap = cluster.swap(Secrets.AUTHORITY, found.authority(), false, change);
    tell(
        swap, CertificateObserver.Kind.AUTHORITY, Secrets.AUTHORITY, done, step.why(), certificate);
  }

  private static Map<String, String> previous(Optional<Anchor> previous) {
    Map<String, String> entries = new TreeMap<>();
    previous.ifPresent(
        anchor -> entries.put(Authorities.PREVIOUS_CERTIFICATE, Pem.write(anchor.chain())));
    return entries;
  }

  private void tell(
      Swap swap,
      CertificateObserver.Kind kind,
      String secret,
      CertificateStep step,
      CertificatePlan.Reason why,
      Object certificate) {
    switch (swap) {
      case DONE -> {
        observer.happened(kind, step);
        log.atInfo()
            .addKeyValue("secret", secret)
            .addKeyValue("step", step)
            .addKeyValue("reason", why)
            .addKeyValue("certificate", certificate)
            .log(step.message());
      }
      case CONFLICT ->
          log.atInfo()
              .addKeyValue("secret", secret)
              .addKeyValue("step", step)
              .log("Somebody else changed a certificate at the same moment");
    }
  }
}
