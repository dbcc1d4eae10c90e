package dev.refloat.certs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A cluster that compares versions as the real one does, and can be made to fail. */
final class InMemoryCluster implements ClusterObjects {

  final Map<String, Secret.Present> secrets = new HashMap<>();
  final Map<Registration, Configuration.Present> configurations = new EnumMap<>(Registration.class);
  boolean unreachable = false;
  boolean configurationsAreForbidden = false;

  /** What somebody else does just before our next write of a Secret. */
  Runnable beforeTheNextWrite = () -> {};

  /** What somebody else does just before our next look at a configuration. */
  Runnable beforeTheNextLook = () -> {};

  /** What somebody else does just before our next injection. */
  Runnable beforeTheNextInjection = () -> {};

  private int version = 100;

  void put(String name, Map<String, String> data) {
    secrets.put(name, new Secret.Present(String.valueOf(++version), data));
  }

  /** Somebody applies a configuration without any bundle. */
  void register(Registration registration, int entries) {
    register(registration, Collections.nCopies(entries, ""));
  }

  /** Somebody applies a configuration with these bundles. */
  void register(Registration registration, List<String> bundles) {
    configurations.put(registration, new Configuration.Present(String.valueOf(++version), bundles));
  }

  /** The bundle of each entry. */
  List<String> bundles(Registration registration) {
    return configurations.containsKey(registration)
        ? configurations.get(registration).bundles()
        : List.of();
  }

  /** The entries of a Secret. */
  Map<String, String> data(String name) {
    return present(name).data();
  }

  /** What the Secret of the authority holds. */
  Authorities authorities() {
    return Authorities.read(data(Secrets.AUTHORITY));
  }

  @Override
  public Secret secret(String name) throws ClusterFailedException {
    check();
    return secrets.containsKey(name) ? present(name) : new Secret.Absent();
  }

  @Override
  public Swap swap(String name, Secret before, boolean tls, Change change)
      throws ClusterFailedException {
    check();
    Runnable other = beforeTheNextWrite;
    beforeTheNextWrite = () -> {};
    other.run();
    if (!secret(name).equals(before)) {
      return Swap.CONFLICT;
    }
    put(name, change.on(before instanceof Secret.Present(_, var old) ? old : new TreeMap<>()));
    return Swap.DONE;
  }

  @Override
  public Configuration configuration(Registration registration) throws ClusterFailedException {
    check();
    Runnable other = beforeTheNextLook;
    beforeTheNextLook = () -> {};
    other.run();
    if (configurationsAreForbidden) {
      throw new ClusterFailedException("may not read it", new IllegalStateException("test"));
    }
    Configuration.Present found = configurations.get(registration);
    return found == null ? new Configuration.Absent() : found;
  }

  @Override
  public Swap inject(Registration registration, Configuration.Present before, String bundle)
      throws ClusterFailedException {
    check();
    Runnable other = beforeTheNextInjection;
    beforeTheNextInjection = () -> {};
    other.run();
    if (!before.equals(configurations.get(registration))) {
      return Swap.CONFLICT;
    }
    register(registration, new ArrayList<>(Collections.nCopies(before.bundles().size(), bundle)));
    return Swap.DONE;
  }

  private Secret.Present present(String name) {
    Secret.Present present = secrets.get(name);
    if (present == null) {
      throw new IllegalArgumentException("no Secret " + name);
    }
    return present;
  }

  private void check() throws ClusterFailedException {
    if (unreachable) {
      throw new ClusterFailedException("cannot reach it", new IllegalStateException("test"));
    }
  }
}
