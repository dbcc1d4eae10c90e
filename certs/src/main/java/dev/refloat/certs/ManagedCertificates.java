package dev.refloat.certs;

import dev.refloat.certs.ClusterObjects.Configuration;
import dev.refloat.certs.ClusterObjects.Registration;
import dev.refloat.certs.ClusterObjects.Swap;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates that Refloat issues itself and keeps in two Secrets, so that whoever may read the
 * serving pair need not be able to sign others.
 *
 * <p>Everything is read, judged, and written by compare-and-swap. Whoever loses a race reads what
 * the winner wrote. A Secret that could not be read is never replaced. What is remembered between
 * passes is what was seen and for how long; without it everything only takes longer.
 *
 * <p>What follows from something else is read before it: that keeps several processes from undoing
 * each other's work. The bundles of the configurations follow from the Secret of the authority, so
 * whoever replaces a bundle knows of all authorities that it was made of. See {@code
 * docs/decisions/0009-a-new-ca-is-led-in.md}.
 */
public final class ManagedCertificates implements Certificates {

  /** Tidying up, a new authority, a leaf, a look at all of it, and as many lost races. */
  private static final int MOST_STEPS = 10;

  private static final Logger log = LoggerFactory.getLogger(ManagedCertificates.class);

  private final ClusterObjects cluster;
  private final Serving server;
  private final CertificateObserver observer;
  private final CertificateSteps steps;
  private final Wanted wanted;
  private final InstantSource time;

  // What is not final is used by one thread.

  private Secrets found = Secrets.NONE;
  private Sightings sightings = Sightings.NONE;

  /** What the server has taken last. */
  private Optional<Credential> served = Optional.empty();

  /** Registrations of which was said that they are not there. */
  private final Set<Registration> saidToBeAbsent = EnumSet.noneOf(Registration.class);

  public ManagedCertificates(
      ClusterObjects cluster,
      Serving server,
      CertificateObserver observer,
      Issuer issuer,
      Wanted wanted,
      InstantSource time) {
    this.cluster = cluster;
    this.server = new ObservedServing(server, observer);
    this.observer = observer;
    this.steps = new CertificateSteps(cluster, observer, issuer, wanted);
    this.wanted = wanted;
    this.time = time;
  }

  /** A look at the webhook configurations. */
  private sealed interface Look {
    record Seen(Map<Registration, Configuration> configurations) implements Look {}

    /**
     * One of them could not be read. What is in the Secrets is served all the same, but no bundle
     * is written, not even into the other one: it could take away who has signed what is served.
     */
    record Blind(ClusterFailedException why) implements Look {}
  }

  @Override
  public Standing pass() throws ClusterFailedException {
    for (int step = 0; step < MOST_STEPS; step++) {
      Look look = look();
      found = Secrets.readFrom(cluster, found);
      Instant now = time.instant();
      CertificateFacts facts = facts(look, now);
      switch (CertificateJudge.judge(facts, now)) {
        case CertificatePlan.Step next -> steps.take(next, found, now);
        case CertificatePlan.Nothing nothing -> {
          if (found.authorities().current()
              instanceof Stored.Usable<Credential>(Credential authority)) {
            observer.ends(CertificateObserver.Kind.AUTHORITY, authority.notAfter());
          }
          List<String> missing = serve(nothing);
          if (isInjected(look, Pem.write(facts.authorities().bundle()))) {
            return missing.isEmpty()
                ? new Standing.Good(served.orElseThrow())
                : new Standing.Wanting(missing);
          }
        }
      }
    }
    return new Standing.Wanting(
        List.of(
            "the Secrets "
                + Secrets.AUTHORITY
                + " and "
                + Secrets.SERVING
                + ", or the webhook configurations, are changed by somebody else all the time"));
  }

  private Look look() {
    try {
      Map<Registration, Configuration> configurations = new EnumMap<>(Registration.class);
      for (Registration registration : Registration.values()) {
        configurations.put(registration, cluster.configuration(registration));
      }
      return new Look.Seen(configurations);
    } catch (ClusterFailedException e) {
      return new Look.Blind(e);
    }
  }

  private CertificateFacts facts(Look look, Instant now) {
    Authorities authorities = found.authorities();
    Stored<Credential> leaf = found.leaf();
    Trust trust =
        switch (look) {
          case Look.Seen(Map<Registration, Configuration> configurations) ->
              Trust.by(configurations.values());
          case Look.Blind _ -> new Trust.Unknown();
        };
    List<X509Certificate> trusted =
        authorities.bundle().stream().filter(trust::isEverywhere).toList();
    List<X509Certificate> stored =
        leaf instanceof Stored.Usable<Credential>(Credential serving)
            ? List.of(serving.certificate())
            : List.of();
    sightings = sightings.and(trusted, stored, now, wanted.settling());
    return new CertificateFacts(authorities, leaf, served, trust, sightings, wanted);
  }

  /** Returns what keeps the API server from talking to us, whatever its CA bundle is. */
  private List<String> serve(CertificatePlan.Nothing plan) {
    List<String> missing = new ArrayList<>();
    if (plan.serving().isPresent()) {
      Credential leaf = plan.serving().get();
      switch (server.serve(leaf)) {
        case Serving.Load.Loaded(), Serving.Load.Unchanged() -> served = plan.serving();
        case Serving.Load.Refused(String why) ->
            missing.add("the certificate cannot be served: " + why);
      }
    }
    plan.early()
        .ifPresent(early -> missing.add("the API server refuses the certificate: " + early));
    return missing;
  }

  /**
   * Returns whether all configurations have the bundle now; if not, one of them has changed since
   * this look, and the Secrets may have as well.
   */
  private boolean isInjected(Look look, String bundle) throws ClusterFailedException {
    return switch (look) {
      case Look.Blind(ClusterFailedException why) -> throw why;
      case Look.Seen(Map<Registration, Configuration> configurations) -> {
        boolean all = true;
        for (Map.Entry<Registration, Configuration> each : configurations.entrySet()) {
          all &= isInjected(each.getKey(), each.getValue(), bundle);
        }
        yield all;
      }
    };
  }

  private boolean isInjected(Registration registration, Configuration configuration, String bundle)
      throws ClusterFailedException {
    return switch (configuration) {
      case Configuration.Absent() -> {
        tellAbsence(registration);
        yield true;
      }
      case Configuration.Present present -> {
        saidToBeAbsent.remove(registration);
        long entries = present.bundles().stream().filter(each -> !each.equals(bundle)).count();
        yield entries == 0 || inject(registration, present, bundle, entries);
      }
    };
  }

  private boolean inject(
      Registration registration, Configuration.Present present, String bundle, long entries)
      throws ClusterFailedException {
    return switch (cluster.inject(registration, present, bundle)) {
      case Swap.CONFLICT -> false;
      case Swap.DONE -> {
        log.atInfo()
            .addKeyValue("registration", registration)
            .addKeyValue("entries", entries)
            .log("Injected the CA bundle");
        yield true;
      }
    };
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
