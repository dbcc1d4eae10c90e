package dev.refloat.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that can be configured about the controller.
 *
 * @param cooldown how long an ordinal that was recovered is left alone; zero = no loop guard
 * @param maxConcurrent how many recoveries may be under way at once, at least 1
 * @param brake the share of lost nodes above which nothing more is deleted; 100 % = no brake
 * @param localProvisioners provisioners of local volumes, beside the known ones
 * @param topologyKeys labels that tell one node from all others, beside the known ones
 */
public record ControllerSettings(
    SharedSettings shared,
    Graces graces,
    Duration cooldown,
    int maxConcurrent,
    int recoveriesPerMinute,
    Percentage brake,
    Set<String> localProvisioners,
    Set<String> topologyKeys,
    boolean leaderElection)
    implements ProcessSettings {

  public ControllerSettings {
    localProvisioners = Collections.unmodifiableSortedSet(new TreeSet<>(localProvisioners));
    topologyKeys = Collections.unmodifiableSortedSet(new TreeSet<>(topologyKeys));
  }

  @Override
  public SortedMap<String, String> describe() {
    SortedMap<String, String> texts = new TreeMap<>(shared.describe());
    Contract.GRACE_NODE_GONE.describe(graces.nodeGone(), texts);
    Contract.GRACE_NODE_NOT_READY.describe(graces.nodeNotReady(), texts);
    Contract.GRACE_NODE_CORDONED.describe(graces.nodeCordoned(), texts);
    Contract.GRACE_NODE_TAINTED.describe(graces.nodeTainted(), texts);
    Contract.COOLDOWN.describe(cooldown, texts);
    Contract.MAX_CONCURRENT.describe(maxConcurrent, texts);
    Contract.RECOVERIES_PER_MINUTE.describe(recoveriesPerMinute, texts);
    Contract.BRAKE.describe(brake, texts);
    Contract.LOCAL_PROVISIONERS.describe(localProvisioners, texts);
    Contract.TOPOLOGY_KEYS.describe(topologyKeys, texts);
    Contract.LEADER_ELECTION.describe(leaderElection, texts);
    return Collections.unmodifiableSortedMap(texts);
  }
}
