package dev.refloat.settings;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host an IP address, IPv6 without brackets
 * @param port 0 to 65535, 0 = any free one
 */
public record HostAndPort(String host, int port) {

  private static final Pattern PARTS = Pattern.compile("(?:\\[([^]]+)]|([^:]+)):([0-9]{1,5})");

  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::");

  public HostAndPort {
    if (!IpAddresses.isAddress(host) || port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "address is " + host + " with port " + port + "; expected an IP address, 0 to 65535");
    }
  }

  /** Returns what {@code 0.0.0.0:8080}, {@code localhost:0} or {@code [::1]:8080} stands for. */
  public static Optional<HostAndPort> parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(3)) > 65535) {
      return Optional.empty();
    }
    int port = Integer.parseInt(parts.group(3));
    String inBrackets = parts.group(1);
    if (inBrackets != null) {
      return IpAddresses.isVersion6(inBrackets)
          ? Optional.of(new HostAndPort(inBrackets, port))
          : Optional.empty();
    }
    // A name could stop resolving after the settings were found good; this one cannot.
    String host = "localhost".equals(parts.group(2)) ? "127.0.0.1" : parts.group(2);
    return IpAddresses.isVersion4(host)
        ? Optional.of(new HostAndPort(host, port))
        : Optional.empty();
  }

  /** Whether two servers that listen on these would be in each other's way. */
  boolean collidesWith(HostAndPort other) {
    return port != 0
        && port == other.port
        && (host.equals(other.host)
            || EVERY_ADDRESS.contains(host)
            || EVERY_ADDRESS.contains(other.host));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
