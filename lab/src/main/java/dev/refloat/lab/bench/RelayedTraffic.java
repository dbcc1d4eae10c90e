package dev.refloat.lab.bench;

import dev.refloat.lab.relay.Relay;
import java.time.Instant;

/**
 * Requests by the audit log, bytes by a relay of the process's own.
 *
 * @param from what was asked earlier is of another process of this user
 */
record RelayedTraffic(AuditLog log, String user, Instant from, Relay relay) implements Traffic {

  @Override
  public Totals now() {
    return new Totals(log.of(user, from).size(), relay.bytesToClients());
  }
}
