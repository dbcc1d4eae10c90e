package dev.refloat.settings;

import static dev.refloat.settings.Setting.ReadBy.BOTH;
import static dev.refloat.settings.Setting.ReadBy.CONTROLLER;
import static dev.refloat.settings.Setting.ReadBy.WEBHOOK;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every setting, declared once. Scripts of users start the processes with these names and values:
 * one may be added, none may change.
 *
 * <p>{@code docs/settings.md} shows them as a table, which a test compares with this file.
 */
final class Contract {

  static final Setting<WatchedNamespaces> WATCHED_NAMESPACES =
      new Setting<>(
          "WATCHED_NAMESPACES",
          BOTH,
          "",
          "empty = all",
          Formats.NAMESPACES,
          "Pods in other namespaces are none of our business. Rights to read nodes, volumes, classes,"
              + " namespaces, and all claims and storage capacities are needed all the same.");

  static final Setting<Boolean> DRY_RUN =
      new Setting<>(
          "DRY_RUN",
          BOTH,
          "false",
          Formats.YES_OR_NO,
          "The controller decides and says everything and writes nothing: no Event, no Lease. The"
              + " webhook labels at admission and keeps its certificates all the same; what its"
              + " sweep for missed pods finds it says and does not write.");

  static final Setting<LogLevel> LOG_LEVEL =
      new Setting<>(
          "LOG_LEVEL",
          BOTH,
          "info",
          Formats.oneOf(LogLevel.class),
          "From how important a message on it is logged. Libraries log from `warn` on, and"
              + " from `info` on where this is `debug`.");

  static final Setting<LogFormat> LOG_FORMAT =
      new Setting<>(
          "LOG_FORMAT",
          BOTH,
          "json",
          Formats.oneOf(LogFormat.class),
          "One JSON object a line for machines, or text for people.");

  static final Setting<Duration> GRACE_NODE_GONE =
      new Setting<>(
          "REFLOAT_GRACE_NODE_GONE",
          CONTROLLER,
          "15s",
          Formats.duration("0s", "24h"),
          "How long a node must have been seen gone, without a break, before its volumes are given"
              + " up.");

  static final Setting<Duration> GRACE_NODE_NOT_READY =
      new Setting<>(
          "REFLOAT_GRACE_NODE_NOT_READY",
          CONTROLLER,
          "10m",
          Formats.duration("0s", "24h"),
          "The same for a node that is not ready.");

  static final Setting<Duration> GRACE_NODE_CORDONED =
      new Setting<>(
          "REFLOAT_GRACE_NODE_CORDONED",
          CONTROLLER,
          "10m",
          Formats.duration("0s", "24h"),
          "The same for a node that is cordoned.");

  static final Setting<Duration> GRACE_NODE_TAINTED =
      new Setting<>(
          "REFLOAT_GRACE_NODE_TAINTED",
          CONTROLLER,
          "10m",
          Formats.duration("0s", "24h"),
          "The same for a node with a taint that the pod does not tolerate.");

  static final Setting<Duration> COOLDOWN =
      new Setting<>(
          "REFLOAT_COOLDOWN",
          CONTROLLER,
          "5m",
          Formats.duration("0s", "1h"),
          "Loop guard: the same ordinal is not recovered again within it. Doubles with each attempt,"
              + " up to `1h`. `0s` = no guard.");

  /**
   * At most half of what an API server serves on one connection at a time, 100 unless told
   * otherwise: <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/server/secure_serving.go">secure_serving.go</a>.
   * The client does not wait for its turn, it fails.
   */
  static final Setting<Integer> MAX_CONCURRENT =
      new Setting<>(
          "REFLOAT_MAX_CONCURRENT",
          CONTROLLER,
          "10",
          Formats.number(1, 50),
          "How many recoveries may be between their first write and their last delete at once, at most"
              + " one per StatefulSet. Those that wait for a node do not count.");

  static final Setting<Integer> RECOVERIES_PER_MINUTE =
      new Setting<>(
          "REFLOAT_RECOVERIES_PER_MINUTE",
          CONTROLLER,
          "30",
          Formats.number(1, 6000),
          "How many recoveries may begin in a minute in the long run, over the whole cluster. After a"
              + " quiet minute as many may begin at once.");

  static final Setting<Percentage> BRAKE =
      new Setting<>(
          "REFLOAT_BRAKE",
          CONTROLLER,
          "33%",
          Formats.SHARE,
          "Nothing is deleted while at least 2 nodes *and* more than this share of all nodes are"
              + " lost. `0%` = as soon as 2 are lost, `100%` = off.");

  static final Setting<Set<String>> LOCAL_PROVISIONERS =
      new Setting<>(
          "REFLOAT_LOCAL_PROVISIONERS",
          BOTH,
          "",
          Formats.PROVISIONERS,
          "Provisioners of local volumes, in addition to the known ones.");

  static final Setting<Set<String>> TOPOLOGY_KEYS =
      new Setting<>(
          "REFLOAT_TOPOLOGY_KEYS",
          BOTH,
          "",
          Formats.NODE_KEYS,
          "Node labels that pin a volume to one node, in addition to the known ones. A zone never"
              + " does and is refused.");

  static final Setting<Boolean> LEADER_ELECTION =
      new Setting<>(
          "REFLOAT_LEADER_ELECTION",
          CONTROLLER,
          "true",
          Formats.YES_OR_NO,
          "Only the holder of the Lease `refloat-controller` in `POD_NAMESPACE` acts.");

  static final Setting<HostAndPort> HTTP_ADDRESS =
      new Setting<>(
          "REFLOAT_HTTP_ADDRESS",
          BOTH,
          "0.0.0.0:8080",
          Formats.ADDRESS,
          "Plain HTTP: `/livez`, `/readyz`, `/metrics`. The port that was chosen is logged.");

  static final Setting<HostAndPort> WEBHOOK_ADDRESS =
      new Setting<>(
          "REFLOAT_WEBHOOK_ADDRESS",
          WEBHOOK,
          "0.0.0.0:8443",
          Formats.ADDRESS,
          "TLS, admission only. Not the address of `REFLOAT_HTTP_ADDRESS`.");

  static final Setting<String> WEBHOOK_CONFIGURATION =
      new Setting<>(
          "REFLOAT_WEBHOOK_CONFIGURATION",
          WEBHOOK,
          "refloat",
          Formats.OBJECT_NAME,
          "Both webhook configurations of this name get the CA bundle.");

  static final Setting<List<String>> WEBHOOK_HOSTS =
      new Setting<>(
          "REFLOAT_WEBHOOK_HOSTS",
          WEBHOOK,
          "",
          "the names of the Service `refloat-webhook`",
          Formats.HOSTS,
          "What the webhook's certificate is good for.");

  static final Setting<CertificateSource> CERTIFICATES =
      new Setting<>(
          "REFLOAT_CERTIFICATES",
          WEBHOOK,
          "managed",
          Formats.CERTIFICATES,
          "Issued and rotated by Refloat, or read from files that somebody else keeps fresh.");

  static final Setting<Duration> CA_LIFETIME =
      new Setting<>(
          "REFLOAT_CA_LIFETIME",
          WEBHOOK,
          "8760h",
          Formats.duration("10s", "87600h"),
          "How long the certificate authority of managed certificates is good for.");

  static final Setting<Duration> CERTIFICATE_LIFETIME =
      new Setting<>(
          "REFLOAT_CERTIFICATE_LIFETIME",
          WEBHOOK,
          "2160h",
          Formats.duration("10s", "87600h"),
          "How long a managed certificate is good for, at most `REFLOAT_CA_LIFETIME`.");

  static final Setting<Duration> DRAIN_DELAY =
      new Setting<>(
          "REFLOAT_DRAIN_DELAY",
          WEBHOOK,
          "10s",
          Formats.duration("0s", "10m"),
          "How long the webhook serves on after SIGTERM. Keep it below the pod's"
              + " `terminationGracePeriodSeconds`.");

  static final Setting<String> POD_NAMESPACE =
      new Setting<>(
          "POD_NAMESPACE",
          BOTH,
          "refloat-system",
          Formats.NAMESPACE,
          "Where our own Leases, Secrets and Service are. In a pod it comes from the downward API.");

  static final Setting<Optional<String>> KUBECONFIG =
      new Setting<>(
          "KUBECONFIG",
          BOTH,
          "",
          "the pod's service account",
          Formats.FILE,
          "Where the cluster is, for a process outside of it. One file, not a list.");

  static final List<Setting<?>> ALL =
      List.of(
          WATCHED_NAMESPACES,
          DRY_RUN,
          LOG_LEVEL,
          LOG_FORMAT,
          GRACE_NODE_GONE,
          GRACE_NODE_NOT_READY,
          GRACE_NODE_CORDONED,
          GRACE_NODE_TAINTED,
          COOLDOWN,
          MAX_CONCURRENT,
          RECOVERIES_PER_MINUTE,
          BRAKE,
          LOCAL_PROVISIONERS,
          TOPOLOGY_KEYS,
          LEADER_ELECTION,
          HTTP_ADDRESS,
          WEBHOOK_ADDRESS,
          WEBHOOK_CONFIGURATION,
          WEBHOOK_HOSTS,
          CERTIFICATES,
          CA_LIFETIME,
          CERTIFICATE_LIFETIME,
          DRAIN_DELAY,
          POD_NAMESPACE,
          KUBECONFIG);

  private Contract() {}
}
