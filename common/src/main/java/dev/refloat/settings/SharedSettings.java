package dev.refloat.settings;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What both processes need to know.
 *
 * @param http where probes and metrics are served, in plain HTTP
 * @param podNamespace where our own Leases, Secrets and Service live
 * @param kubeconfig the file that says where the cluster is; empty = the pod's service account
 */
public record SharedSettings(
    WatchedNamespaces watchedNamespaces,
    boolean dryRun,
    LogSettings log,
    HostAndPort http,
    String podNamespace,
    Optional<String> kubeconfig) {

  /**
   * Returns the settings by name, as texts that read back as these settings. Nothing in them is
   * secret.
   */
  public SortedMap<String, String> describe() {
    SortedMap<String, String> texts = new TreeMap<>();
    Contract.WATCHED_NAMESPACES.describe(watchedNamespaces, texts);
    Contract.DRY_RUN.describe(dryRun, texts);
    Contract.LOG_LEVEL.describe(log.level(), texts);
    Contract.LOG_FORMAT.describe(log.format(), texts);
    Contract.HTTP_ADDRESS.describe(http, texts);
    Contract.POD_NAMESPACE.describe(podNamespace, texts);
    Contract.KUBECONFIG.describe(kubeconfig, texts);
    return Collections.unmodifiableSortedMap(texts);
  }
}
