package dev.refloat.lab.e2e;

import java.util.Map;
import java.util.TreeMap;

/** The variables that a process is started with. */
final class Environment {

  private Environment() {}

  /**
   * Returns these variables, overridden by a test's own.
   *
   * @param settings a name and its value, in turns
   */
  static Map<String, String> of(Map<String, String> usual, String... settings) {
    Map<String, String> all = new TreeMap<>(usual);
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return all;
  }
}
