package dev.refloat.certs;

/** Where the serving certificate comes from. */
@FunctionalInterface
public interface Certificates {

  /**
   * Looks at everything once, mends what is to be mended, and hands the certificate to the server.
   * Called again and again by one thread.
   *
   * @throws ClusterFailedException if the cluster did not answer; what is served stays
   */
  Standing pass() throws ClusterFailedException;
}
