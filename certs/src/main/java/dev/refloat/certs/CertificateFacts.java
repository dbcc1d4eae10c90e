package dev.refloat.certs;

/**
 * What there is, and what is wanted.
 *
 * @param authority what the Secret of the certificate authority holds
 * @param serving what the Secret of the serving certificate holds
 */
public record CertificateFacts(
    Stored<Credential> authority, Stored<Credential> serving, Wanted wanted) {}
