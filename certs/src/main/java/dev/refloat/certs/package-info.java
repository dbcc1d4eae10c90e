/**
 * Issues, judges and keeps the webhook's certificates, and gives the API server the CA that they
 * are signed by.
 *
 * <p>The way through: {@link dev.refloat.certs.CertificateLoop} looks every few seconds, {@link
 * dev.refloat.certs.ManagedCertificates} (or {@link dev.refloat.certs.CertificateFiles}) finds out
 * what there is, {@link dev.refloat.certs.CertificateJudge} says what the next step is, {@link
 * dev.refloat.certs.CertificateSteps} takes it. {@link dev.refloat.certs.ClusterObjects} is the one
 * port to the cluster. How TLS is served is not known here.
 */
@NullMarked
package dev.refloat.certs;

import org.jspecify.annotations.NullMarked;
