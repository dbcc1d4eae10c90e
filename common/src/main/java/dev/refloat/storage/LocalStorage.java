package dev.refloat.storage;

import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Knows which storage is local: by structure where there is a volume, by the class's provisioner
 * where there is none yet.
 *
 * <p>A name is never enough: a volume counts only if its kind is local <em>and</em> every term of
 * its required affinity holds a key that stands for one node. Zone keys never do. Answers for S03
 * and S04.
 */
public final class LocalStorage {

  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String NODE_NAME_FIELD = "metadata.name";

  /** Classes whose volumes an administrator makes by hand; they may be local. */
  public static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

  /**
   * CSI drivers and provisioners of local storage, each with the label by which it names one node.
   */
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("rancher.io/local-path", HOSTNAME),
          Map.entry("openebs.io/local", HOSTNAME),
          Map.entry("local.csi.openebs.io", "openebs.io/nodename"),
          Map.entry("zfs.csi.openebs.io", "openebs.io/nodeid"),
          Map.entry("rawfile.csi.openebs.io", "hostname"),
          Map.entry("topolvm.io", "topology.topolvm.io/node"),
          Map.entry("topolvm.cybozu.com", "topology.topolvm.cybozu.com/node"),
          Map.entry("directpv-min-io", "directpv.min.io/node"),
          Map.entry("localdisk.csi.acstor.io", "topology.localdisk.csi.acstor.io/node"),
          Map.entry("local.csi.scylladb.com", "local.csi.scylladb.com/node"),
          Map.entry("lvm.hwameistor.io", "topology.lvm.hwameistor.io/node"),
          Map.entry("disk.hwameistor.io", "topology.disk.hwameistor.io/node"),
          Map.entry("local.csi.aliyun.com", HOSTNAME),
          Map.entry("lvm.csi.metal-stack.io", "topology.lvm.csi/node"),
          Map.entry("hostpath.csi.k8s.io", "topology.hostpath.csi/node"),
          Map.entry("carina.storage.io", "topology.carina.storage.io/node"),
          Map.entry("org.democratic-csi.local-hostpath", "org.democratic-csi.topology/node"));

  private final Set<String> provisioners;
  private final Set<String> nodeKeys;

  /**
   * The known list and what an administrator adds to it.
   *
   * @param moreProvisioners names of CSI drivers or provisioners, {@code
   *     REFLOAT_LOCAL_PROVISIONERS}
   * @param moreNodeKeys node labels whose value stands for one node, {@code REFLOAT_TOPOLOGY_KEYS}
   */
  public LocalStorage(Set<String> moreProvisioners, Set<String> moreNodeKeys) {
    provisioners = new TreeSet<>(KNOWN.keySet());
    provisioners.addAll(moreProvisioners);
    nodeKeys = new TreeSet<>(KNOWN.values());
    nodeKeys.add(HOSTNAME);
    nodeKeys.addAll(moreNodeKeys);
  }

  /**
   * Whether a class with this provisioner makes local volumes, or may ({@code
   * kubernetes.io/no-provisioner}).
   */
  public boolean mayBeLocal(String provisioner) {
    return provisioner.equals(NO_PROVISIONER) || provisioners.contains(provisioner);
  }

  /**
   * Whether volumes of this provisioner are made by hand, so that only a free one that exists
   * already can be bound.
   */
  public static boolean isStatic(String provisioner) {
    return provisioner.equals(NO_PROVISIONER);
  }

  /** What is known without a setting: drivers and provisioners, each with its label of a node. */
  static Map<String, String> known() {
    return KNOWN;
  }

  /** Whether losing one node loses this volume, and which. */
  public Locality of(VolumeSource source, Optional<NodeSelector> requiredAffinity) {
    boolean localKind =
        switch (source) {
          case VolumeSource.Local() -> true;
          case VolumeSource.HostPath() -> requiredAffinity.isPresent();
          case VolumeSource.Csi(String driver) -> provisioners.contains(driver);
          case VolumeSource.Other() -> false;
        };
    if (!localKind) {
      return new Locality.NotLocal();
    }
    if (requiredAffinity.isEmpty() || requiredAffinity.get().terms().isEmpty()) {
      return new Locality.NotOneNode("none");
    }
    NodeSelector affinity = requiredAffinity.get();
    NavigableSet<String> keys = new TreeSet<>();
    NavigableSet<String> names = new TreeSet<>();
    NavigableSet<String> aliases = new TreeSet<>();
    for (NodeSelector.Term term : affinity.terms()) {
      Optional<NodeSelector.Requirement> label =
          term.labels().stream().filter(this::namesOneNode).findFirst();
      Optional<NodeSelector.Requirement> field =
          term.fields().stream().filter(LocalStorage::isNodeName).findFirst();
      if (label.isPresent()) {
        keys.add(label.get().key());
        names.addAll(label.get().values());
      } else if (field.isPresent()) {
        names.addAll(field.get().values());
      } else {
        return new Locality.NotOneNode(affinity.toString());
      }
      term.labels().stream()
          .filter(this::namesOneNode)
          .forEach(each -> aliases.addAll(each.values()));
      term.fields().stream()
          .filter(LocalStorage::isNodeName)
          .forEach(each -> aliases.addAll(each.values()));
    }
    // On any of several nodes: which of them has the bytes is not known.
    return names.size() == 1
        ? new Locality.Pinned(affinity, keys, names, aliases)
        : new Locality.NotOneNode(affinity.toString());
  }

  private boolean namesOneNode(NodeSelector.Requirement label) {
    return label.operator() == NodeSelector.Operator.IN && nodeKeys.contains(label.key());
  }

  private static boolean isNodeName(NodeSelector.Requirement field) {
    return field.operator() == NodeSelector.Operator.IN && field.key().equals(NODE_NAME_FIELD);
  }
}
