package dev.refloat.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that can be configured about the webhook.
 *
 * @param address where admission is served, over TLS
 * @param webhookConfiguration the name of both webhook configurations that get the CA bundle
 * @param hosts DNS names and IP addresses that the certificate carries, at least one
 * @param certificateLifetime at most {@code caLifetime}
 * @param drainDelay how long requests are still served after SIGTERM
 * @param localProvisioners provisioners of local volumes, beside the known ones
 * @param topologyKeys labels that tell one node from all others, beside the known ones
 */
public record WebhookSettings(
    SharedSettings shared,
    HostAndPort address,
    String webhookConfiguration,
    List<String> hosts,
    CertificateSource certificates,
    Duration caLifetime,
    Duration certificateLifetime,
    Duration drainDelay,
    Set<String> localProvisioners,
    Set<String> topologyKeys)
    implements ProcessSettings {

  public WebhookSettings {
    hosts = List.copyOf(hosts);
    localProvisioners = Collections.unmodifiableSortedSet(new TreeSet<>(localProvisioners));
    topologyKeys = Collections.unmodifiableSortedSet(new TreeSet<>(topologyKeys));
  }

  @Override
  public SortedMap<String, String> describe() {
    SortedMap<String, String> texts = new TreeMap<>(shared.describe());
    Contract.WEBHOOK_ADDRESS.describe(address, texts);
    Contract.WEBHOOK_CONFIGURATION.describe(webhookConfiguration, texts);
    Contract.WEBHOOK_HOSTS.describe(hosts, texts);
    Contract.CERTIFICATES.describe(certificates, texts);
    Contract.CA_LIFETIME.describe(caLifetime, texts);
    Contract.CERTIFICATE_LIFETIME.describe(certificateLifetime, texts);
    Contract.DRAIN_DELAY.describe(drainDelay, texts);
    Contract.LOCAL_PROVISIONERS.describe(localProvisioners, texts);
    Contract.TOPOLOGY_KEYS.describe(topologyKeys, texts);
    return Collections.unmodifiableSortedMap(texts);
  }
}
