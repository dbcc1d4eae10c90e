package dev.refloat.recovery;

import java.util.Map;
import java.util.TreeMap;

/** What users write into their templates: mostly sense, and all the ways to get it wrong. */
final class RandomOptIn {

  private RandomOptIn() {}

  /** What pod and template say. */
  record Annotations(Map<String, String> pod, Map<String, String> template) {}

  static Annotations draw(Dice dice) {
    Map<String, String> template = annotations(dice);
    Map<String, String> pod = new TreeMap<>(template);
    if (dice.odd(3)) {
      pod = annotations(dice);
    } else if ("true".equals(pod.get("refloat.dev/recover")) && dice.percent(10)) {
      pod.put("refloat.dev/recover", "node-gone");
    }
    if (dice.percent(10)) {
      pod.put("checksum/config", "5f1c");
    }
    return new Annotations(pod, template);
  }

  private static Map<String, String> annotations(Dice dice) {
    Map<String, String> annotations = new TreeMap<>();
    if (!dice.odd(2)) {
      annotations.put("refloat.dev/recover", states(dice));
    }
    if (dice.percent(30)) {
      annotations.put("refloat.dev/data", dice.oneOf("discard", "discard", "discard", "keep"));
    }
    if (dice.percent(35)) {
      annotations.put(
          "refloat.dev/after", dice.oneOf("0s", "1s", "15s", "30s", "90s", "10m", "1h30m", "24h"));
    }
    if (dice.percent(35)) {
      annotations.put(
          "refloat.dev/min-ready",
          dice.oneOf("0", "0", "1", "2", "50%", "34%", "100%", "999999999"));
    }
    if (dice.odd(2)) {
      annotations.put(
          dice.oneOf(
              "refloat.dev/recover",
              "refloat.dev/data",
              "refloat.dev/after",
              "refloat.dev/min-ready",
              "refloat.dev/paused",
              "refloat.dev/recovery",
              "refloat.dev/Data"),
          dice.oneOf(
              "",
              " ",
              "True",
              "yes",
              "node-gone,",
              "node-gone, node-not-ready",
              "node-gone,node-gone",
              "node-gone\nnode-not-ready",
              "15",
              "-5s",
              "25h",
              "1d",
              "101%",
              "-1",
              "%",
              "false",
              "x".repeat(dice.between(1, 3000))));
    }
    return annotations;
  }

  private static String states(Dice dice) {
    if (dice.odd(1)) {
      return "false";
    }
    return dice.oneOf(
        "true",
        "true",
        "true",
        "node-gone",
        "node-gone,node-not-ready",
        "node-not-ready",
        "node-cordoned,node-gone",
        "node-tainted,node-cordoned",
        "node-gone,node-not-ready,node-cordoned,node-tainted",
        "node-gone,node-not-ready,node-cordoned,node-tainted",
        "node-tainted,node-cordoned,node-not-ready,node-gone");
  }
}
