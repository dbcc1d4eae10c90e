package dev.refloat.certs;

import java.util.Optional;

/**
 * What there is, and what is wanted.
 *
 * @param authorities what the Secret of the certificate authority holds
 * @param serving what the Secret of the serving certificate holds
 * @param served what this process serves at the moment, from wherever it came
 * @param trust whom the webhook configurations trust
 * @param sightings up to and including this look
 */
record CertificateFacts(
    Authorities authorities,
    Stored<Credential> serving,
    Optional<Credential> served,
    Trust trust,
    Sightings sightings,
    Wanted wanted) {

  /**
   * The certificate that the API server meets: what everybody loads, or else what is left of it.
   */
  Optional<Credential> inUse() {
    return serving instanceof Stored.Usable<Credential>(Credential leaf)
        ? Optional.of(leaf)
        : served;
  }
}
