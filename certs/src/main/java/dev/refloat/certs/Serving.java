package dev.refloat.certs;

/** The TLS server that certificates are kept for. */
@FunctionalInterface
public interface Serving {

  /** What became of a certificate that was handed over. */
  sealed interface Load {
    /** New connections get it from now on. */
    record Loaded() implements Load {}

    /** It is the one that is served already. */
    record Unchanged() implements Load {}

    /**
     * It cannot be served. The one before, if any, still is.
     *
     * @param why a sentence without a full stop
     */
    record Refused(String why) implements Load {}
  }

  /** Serves with {@code credential} from now on; connections that are open stay open. */
  Load serve(Credential credential);
}
