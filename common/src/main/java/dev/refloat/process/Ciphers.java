package dev.refloat.process;

import java.util.Comparator;

/**
 * Which TLS ciphers are fast here. Only HotSpot's large compiler knows the processor's instructions
 * for AES, and we run without it (docs/decisions/0003-jvm-flags.md).
 */
public final class Ciphers {

  /**
   * ChaCha20-Poly1305 before all others, which stay in the order that they are in; but with keys
   * agreed on by DHE, which no one prefers, it stays where it is.
   */
  public static final Comparator<String> FAST_FIRST =
      Comparator.comparing(suite -> !suite.contains("_CHACHA20_") || suite.startsWith("TLS_DHE_"));

  private Ciphers() {}
}
