package dev.refloat.certs;

import java.time.Instant;

/** Is told what becomes of certificates. Called by one thread, which does not want to wait. */
public interface CertificateObserver {

  /** Which one of the two that there are at a time. */
  enum Kind {
    AUTHORITY,
    SERVING
  }

  /** This process, and no other one, has done that. */
  void happened(Kind certificate, CertificateStep step);

  /** The one that signs, or that this process serves, ends then. Told again and again. */
  void ends(Kind certificate, Instant notAfter);

  /** A certificate could not be read from its file, or not be served. Told at each attempt. */
  void loadFailed();
}
