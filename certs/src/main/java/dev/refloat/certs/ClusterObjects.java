package dev.refloat.certs;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /**
   * What is done to entries of a Secret; others stay.
   *
   * @param put those that get another content, or are added
   * @param removed those that go
   */
  record Change(Map<String, String> put, Set<String> removed) {
    public Change {
      put = Map.copyOf(put);
      removed = Set.copyOf(removed);
    }

    static Change put(Map<String, String> entries) {
      return new Change(entries, Set.of());
    }

    static Change remove(String... entries) {
      return new Change(Map.of(), Set.of(entries));
    }

    /** Returns what a Secret with these entries holds afterwards. */
    public Map<String, String> on(Map<String, String> entries) {
      Map<String, String> changed = new TreeMap<>(entries);
      changed.putAll(put);
      changed.keySet().removeAll(removed);
      return changed;
    }

    /** Says nothing of the content. */
    @Override
    public String toString() {
      return "Change[put=" + put.keySet() + ", removed=" + removed + "]";
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

  /** What there is of a webhook configuration. */
  sealed interface Configuration {
    record Absent() implements Configuration {}

    /**
     * @param version its resourceVersion
     * @param bundles the CA bundle of each entry as PEM, in their order; empty where there is none
     */
    record Present(String version, List<String> bundles) implements Configuration {
      public Present {
        bundles = List.copyOf(bundles);
      }
    }
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
   */
  Swap swap(String name, Secret before, boolean tls, Change change) throws ClusterFailedException;

  /**
   * Reads a webhook configuration.
   *
   * @throws ClusterFailedException if it cannot be told what there is
   */
  Configuration configuration(Registration registration) throws ClusterFailedException;

  /**
   * Writes this CA bundle into each entry of the configuration that has another one or none, and
   * changes nothing else of it, if it still is what {@code before} says.
   *
   * @param bundle certificates as PEM
   */
  Swap inject(Registration registration, Configuration.Present before, String bundle)
      throws ClusterFailedException;
}
