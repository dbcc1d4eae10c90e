package dev.refloat.certs;

import java.util.Locale;

/** What can happen to a certificate. */
public enum CertificateStep {
  /** A new one signs, or is there to be served, from now on. */
  ISSUED("Issued a certificate"),
  /** A new authority is about to be trusted, and signs nothing yet. */
  STAGED("Staged the next certificate authority"),
  /** The staged authority signs from now on. */
  PROMOTED("Promoted the next certificate authority"),
  /** An authority is not trusted any more. */
  RETIRED("Retired the previous certificate authority"),
  /** A staged authority is gone, because it cannot be used. */
  DROPPED("Dropped the next certificate authority"),
  /** An authority that is not ours any more is trusted on. */
  KEPT("Kept a former certificate authority trusted"),
  /** A serving certificate is served by this process from now on. */
  LOADED("Loaded a certificate");

  private final String message;

  CertificateStep(String message) {
    this.message = message;
  }

  /** The message in the log. */
  String message() {
    return message;
  }

  /** As it is written in logs and metrics. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
