package dev.refloat.certs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cluster that compares versions as the real one does, and can be made to fail. */
final class InMemoryCluster implements ClusterObjects {

  final Map<String, Secret.Present> secrets = new HashMap<>();
  final Map<Registration, List<String>> configurations = new HashMap<>();
  boolean unreachable = false;

  /** What somebody else does just before our next write. */
  Runnable beforeTheNextWrite = () -> {};

  private int version = 100;

  void put(String name, Map<String, String> data) {
    secrets.put(name, new Secret.Present(String.valueOf(++version), data));
  }

  void register(Registration registration, int entries) {
    List<String> bundles = new ArrayList<>();
    for (int entry = 0; entry < entries; entry++) {
      bundles.add("");
    }
    configurations.put(registration, bundles);
  }

  /** The bundle of each entry. */
  List<String> bundles(Registration registration) {
    return configurations.getOrDefault(registration, List.of());
  }

  /** The entries of a Secret. */
  Map<String, String> data(String name) {
    return present(name).data();
  }

  @Override
  public Secret secret(String name) throws ClusterFailedException {
    check();
    return secrets.containsKey(name) ? present(name) : new Secret.Absent();
  }

  @Override
  public Swap swap(String name, Secret before, boolean tls, Map<String, String> entries)
      throws ClusterFailedException {
    check();
    Runnable other = beforeTheNextWrite;
    beforeTheNextWrite = () -> {};
    other.run();
    if (!secret(name).equals(before)) {
      return Swap.CONFLICT;
    }
    Map<String, String> data = new HashMap<>();
    if (before instanceof Secret.Present(_, Map<String, String> old)) {
      data.putAll(old);
    }
    data.putAll(entries);
    put(name, data);
    return Swap.DONE;
  }

  @Override
  public Injection inject(Registration registration, String bundle) throws ClusterFailedException {
    check();
    if (!configurations.containsKey(registration)) {
      return new Injection.NoConfiguration();
    }
    List<String> entries = bundles(registration);
    int changed = (int) entries.stream().filter(entry -> !entry.equals(bundle)).count();
    entries.replaceAll(_ -> bundle);
    return changed == 0 ? new Injection.InPlace() : new Injection.Injected(changed);
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
