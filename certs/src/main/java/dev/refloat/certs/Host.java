package dev.refloat.certs;

import java.net.InetAddress;
import java.util.Locale;

/** What a certificate is good for: a DNS name or an IP address. Compared as TLS compares them. */
public sealed interface Host extends Comparable<Host> {

  /** A DNS name; case does not count. */
  record Dns(String name) implements Host {
    public Dns {
      name = name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** An address; {@code ::1} and {@code 0:0:0:0:0:0:0:1} are the same one. */
  record Ip(InetAddress address) implements Host {
    @Override
    public String toString() {
      return address.getHostAddress();
    }
  }

  /** Returns what {@code text} stands for. Never asks a name server. */
  static Host of(String text) {
    try {
      return new Ip(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return new Dns(text);
    }
  }

  @Override
  default int compareTo(Host other) {
    return toString().compareTo(other.toString());
  }
}
