package dev.refloat.certs;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What certificates need of the cluster, and nothing more. */
public interface ClusterObjects {

  /** What there is under the name of a Secret in our own namespace. */
  sealed interface Secret {
    record Absent() implements Secret {}

    /**
     * @param version its resourceVersion
     * @param data its entries as text, sorted
     */
    record Present(String version, Map<String, String> data) implements Secret {
      public Present {
        data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
      }

      /** Says nothing of the data. */
      @Override
      public String toString() {
        return "Present[version=" + version + ", data=" + data.keySet() + "]";
      }
    }
  }

  /** How a guarded write ended. */
  enum Swap {
    DONE,
    /** Somebody else was there first; nothing was written. */
    CONFLICT
  }

  /** A webhook configuration that needs our CA. */
  enum Registration {
    MUTATING,
    VALIDATING
  }

  /** How it stands with the CA of one webhook configuration. */
  sealed interface Injection {
    /** There is no such object. */
    record NoConfiguration() implements Injection {}

    /** Each of its entries has the bundle already. */
    record InPlace() implements Injection {}

    /** The bundle was written into this many entries. */
    record Injected(int entries) implements Injection {}

    /** Somebody changed the object at the same moment; nothing was written. */
    record Conflict() implements Injection {}
  }

  /**
   * Reads a Secret.
   *
   * @throws ClusterFailedException if it cannot be told what there is
   */
  Secret secret(String name) throws ClusterFailedException;

  /**
   * Creates the Secret, or changes entries of it, if it still is what {@code before} says.
   *
   * @param tls whether a Secret that is created is of type {@code kubernetes.io/tls}
   * @param entries those that change; others stay
   */
  Swap swap(String name, Secret before, boolean tls, Map<String, String> entries)
      throws ClusterFailedException;

  /**
   * Sees to it that each entry of the configuration has this CA bundle and changes nothing else of
   * it.
   *
   * @param bundle certificates as PEM
   */
  Injection inject(Registration registration, String bundle) throws ClusterFailedException;
}
