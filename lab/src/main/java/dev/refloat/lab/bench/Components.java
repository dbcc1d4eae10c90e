package dev.refloat.lab.bench;

import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.process.ProcessUse;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * CPU seconds by component: whether what is measured is Refloat or what is around it.
 *
 * @param cpuSeconds by name; {@code lab} is this process: provisioner, watches and floor
 */
record Components(SortedMap<String, Double> cpuSeconds) {

  Components {
    cpuSeconds = Collections.unmodifiableSortedMap(new TreeMap<>(cpuSeconds));
  }

  static Components of(OwnControlPlane controlPlane) {
    SortedMap<String, Double> seconds = new TreeMap<>();
    controlPlane
        .processes()
        .forEach((name, process) -> seconds.put(name, ProcessUse.of(process.pid()).cpuSeconds()));
    seconds.put("lab", ProcessUse.of(ProcessHandle.current().pid()).cpuSeconds());
    return new Components(seconds);
  }

  Components since(Components earlier) {
    SortedMap<String, Double> used = new TreeMap<>();
    cpuSeconds.forEach(
        (name, now) -> used.put(name, now - earlier.cpuSeconds.getOrDefault(name, 0.0)));
    return new Components(used);
  }

  String words() {
    return cpuSeconds.entrySet().stream()
        .map(each -> String.format(Locale.ROOT, "%s %.1f s", each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }
}
