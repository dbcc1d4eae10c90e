package dev.refloat.controller.report;

import dev.refloat.recovery.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has been told, so that the same is not told again. Safe for use by several threads. */
final class ToldFindings {

  private final Map<Key, Finding> told = new HashMap<>();

  /** What makes a finding another one; its evidence does not. */
  private record Key(String reason, String uid, String about) {

    static Key of(Finding finding) {
      return new Key(finding.reason(), finding.pod().uid(), finding.about());
    }
  }

  /** What is to be told now. */
  record Changes(List<Finding> news, List<Finding> over) {

    public Changes {
      news = List.copyOf(news);
      over = List.copyOf(over);
    }
  }

  /** Takes all findings of one kind that there are now; those of other kinds stay as they were. */
  synchronized Changes now(Class<? extends Finding> kind, List<Finding> findings) {
    Map<Key, Finding> current = new HashMap<>();
    findings.forEach(finding -> current.put(Key.of(finding), finding));
    List<Finding> over = new ArrayList<>();
    told.forEach(
        (key, finding) -> {
          if (kind.isInstance(finding) && !current.containsKey(key)) {
            over.add(finding);
          }
        });
    over.forEach(finding -> told.remove(Key.of(finding)));
    List<Finding> news = new ArrayList<>();
    current.forEach(
        (key, finding) -> {
          if (told.putIfAbsent(key, finding) == null) {
            news.add(finding);
          }
        });
    return new Changes(news, over);
  }
}
