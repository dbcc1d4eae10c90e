package dev.refloat.certs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Remembers what it was told. */
final class RecordingObserver implements CertificateObserver {

  /** Such as {@code "authority promoted"}. */
  final List<String> happened = new ArrayList<>();

  final Map<Kind, Instant> ends = new EnumMap<>(Kind.class);
  int failures = 0;

  @Override
  public void happened(Kind certificate, CertificateStep step) {
    happened.add(certificate + " " + step);
  }

  @Override
  public void ends(Kind certificate, Instant notAfter) {
    ends.put(certificate, notAfter);
  }

  @Override
  public void loadFailed() {
    failures++;
  }
}
