package dev.refloat.certs;

import dev.refloat.certs.ClusterObjects.Injection;
import dev.refloat.certs.ClusterObjects.Registration;
import dev.refloat.certs.ClusterObjects.Secret;
import dev.refloat.certs.ClusterObjects.Swap;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates that Refloat issues itself and keeps in two Secrets, so that whoever may read the
 * serving pair need not be able to sign others.
 *
 * <p>Nothing is remembered between passes: Secrets are read, judged, and written by
 * compare-and-swap. Whoever loses a race reads what the winner wrote. A Secret that could not be
 * read is never replaced.
 */
public final class ManagedCertificates implements Certificates {

  static final String AUTHORITY_SECRET = "refloat-ca";
  static final String SERVING_SECRET = "refloat-tls";

  static final String AUTHORITY_CERTIFICATE = "ca.crt";
  static final String AUTHORITY_KEY = "ca.key";
  static final String SERVING_CERTIFICATE = "tls.crt";
  static final String SERVING_KEY = "tls.key";

  /** Authority, leaf, a look at both, and as many lost races. */
  private static final int MOST_STEPS = 6;

  private static final int MOST_INJECTIONS = 3;

  private static final Logger log = LoggerFactory.getLogger(ManagedCertificates.class);

  private final ClusterObjects cluster;
  private final Serving server;
  private final Issuer issuer;
  private final Wanted wanted;
  private final InstantSource time;

  /** Registrations of which was said that they are not there. Used by one thread. */
  private final Set<Registration> saidToBeAbsent = EnumSet.noneOf(Registration.class);

  public ManagedCertificates(
      ClusterObjects cluster, Serving server, Issuer issuer, Wanted wanted, InstantSource time) {
    this.cluster = cluster;
    this.server = server;
    this.issuer = issuer;
    this.wanted = wanted;
    this.time = time;
  }

  @Override
  public Standing pass() throws ClusterFailedException {
    for (int step = 0; step < MOST_STEPS; step++) {
      Secret authority = cluster.secret(AUTHORITY_SECRET);
      Secret serving = cluster.secret(SERVING_SECRET);
      CertificateFacts facts =
          new CertificateFacts(
              read(authority, AUTHORITY_CERTIFICATE, AUTHORITY_KEY),
              read(serving, SERVING_CERTIFICATE, SERVING_KEY),
              wanted);
      switch (CertificateJudge.judge(facts, time.instant())) {
        case CertificatePlan.Nothing(Credential by, Credential leaf) -> {
          return handOver(by, leaf);
        }
        case CertificatePlan.IssueLeaf(Credential by, CertificatePlan.Reason why) ->
            issueLeaf(by, serving, why);
        case CertificatePlan.IssueAuthorityAndLeaf(CertificatePlan.Reason why) ->
            issueAuthority(authority, why);
      }
    }
    return new Standing.Wanting(
        List.of(
            "the Secrets "
                + AUTHORITY_SECRET
                + " and "
                + SERVING_SECRET
                + " are changed by somebody else all the time"));
  }

  private static Stored<Credential> read(Secret secret, String certificateName, String keyName) {
    return switch (secret) {
      case Secret.Absent() -> new Stored.Absent<>();
      case Secret.Present(_, Map<String, String> data) ->
          Credential.read(data, certificateName, keyName);
    };
  }

  private void issueAuthority(Secret before, CertificatePlan.Reason why)
      throws ClusterFailedException {
    Credential authority = issuer.authority(time.instant(), wanted.authorityLifetime());
    Swap swap =
        cluster.swap(
            AUTHORITY_SECRET,
            before,
            false,
            Map.of(
                AUTHORITY_CERTIFICATE, Pem.write(authority.chain()),
                AUTHORITY_KEY, Pem.write(authority.key())));
    tell(swap, AUTHORITY_SECRET, authority, why);
  }

  private void issueLeaf(Credential authority, Secret before, CertificatePlan.Reason why)
      throws ClusterFailedException {
    Credential leaf = issuer.leaf(authority, wanted.hosts(), time.instant(), wanted.leafLifetime());
    Swap swap =
        cluster.swap(
            SERVING_SECRET,
            before,
            true,
            Map.of(
                SERVING_CERTIFICATE, Pem.write(leaf.chain()), SERVING_KEY, Pem.write(leaf.key())));
    tell(swap, SERVING_SECRET, leaf, why);
  }

  private static void tell(
      Swap swap, String secret, Credential issued, CertificatePlan.Reason why) {
    switch (swap) {
      case DONE ->
          log.atInfo()
              .addKeyValue("secret", secret)
              .addKeyValue("reason", why)
              .addKeyValue("certificate", issued)
              .log("Issued a certificate");
      case CONFLICT ->
          log.atInfo()
              .addKeyValue("secret", secret)
              .log("Somebody else issued a certificate at the same moment");
    }
  }

  private Standing handOver(Credential authority, Credential leaf) throws ClusterFailedException {
    List<String> missing = new ArrayList<>();
    if (server.serve(leaf) instanceof Serving.Load.Refused(String why)) {
      missing.add("the certificate cannot be served: " + why);
    }
    String bundle = Pem.write(authority.chain());
    for (Registration registration : Registration.values()) {
      if (!publish(registration, bundle)) {
        missing.add("the CA is not in the " + registration + " webhook configuration yet");
      }
    }
    return missing.isEmpty() ? new Standing.Good(leaf) : new Standing.Wanting(missing);
  }

  /** Returns whether there is nothing left to do about this registration. */
  private boolean publish(Registration registration, String bundle) throws ClusterFailedException {
    for (int attempt = 0; attempt < MOST_INJECTIONS; attempt++) {
      switch (cluster.inject(registration, bundle)) {
        case Injection.NoConfiguration() -> {
          tellAbsence(registration);
          return true;
        }
        case Injection.InPlace() -> {
          saidToBeAbsent.remove(registration);
          return true;
        }
        case Injection.Injected(int entries) -> {
          saidToBeAbsent.remove(registration);
          log.atInfo()
              .addKeyValue("registration", registration)
              .addKeyValue("entries", entries)
              .log("Injected the CA bundle");
          return true;
        }
        case Injection.Conflict() -> {
          // Read again: somebody else has changed the object for reasons of their own.
        }
      }
    }
    return false;
  }

  private void tellAbsence(Registration registration) {
    if (!saidToBeAbsent.add(registration)) {
      return;
    }
    switch (registration) {
      case MUTATING ->
          log.atWarn()
              .addKeyValue("registration", registration)
              .log("No webhook configuration yet, so no pod is labelled; looking again");
      case VALIDATING ->
          log.atDebug()
              .addKeyValue("registration", registration)
              .log("No webhook configuration yet; looking again");
    }
  }
}
