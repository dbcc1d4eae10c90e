package dev.refloat.settings;

import java.util.regex.Pattern;

/**
 * Recognizes what the kubelet puts into the environment of every pod for every Service of its
 * namespace, unless the pod says {@code enableServiceLinks: false}.
 *
 * <p>For a Service {@code refloat-webhook} that is {@code REFLOAT_WEBHOOK_SERVICE_HOST}, {@code
 * REFLOAT_WEBHOOK_SERVICE_PORT}, {@code REFLOAT_WEBHOOK_SERVICE_PORT_HTTPS} for a port of that
 * name, {@code REFLOAT_WEBHOOK_PORT=tcp://10.0.0.1:443}, {@code
 * REFLOAT_WEBHOOK_PORT_443_TCP=tcp://...} and that with {@code _PROTO}, {@code _PORT} or {@code
 * _ADDR} at its end.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/envvars/envvars.go">envvars.go</a>
 */
final class ServiceVariables {

  private static final Pattern HOST_OR_PORT =
      Pattern.compile("[A-Z0-9_]+_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)");

  private static final Pattern PART_OF_A_PORT =
      Pattern.compile("[A-Z0-9_]+_PORT_[0-9]+_(?:TCP|UDP|SCTP)_(?:PROTO|PORT|ADDR)");

  private static final Pattern PORT =
      Pattern.compile("[A-Z0-9_]+_PORT(?:_[0-9]+_(?:TCP|UDP|SCTP))?");

  /** Without it, {@code REFLOAT_HTTP_PORT=9090} would pass for a Service called refloat-http. */
  private static final Pattern URL = Pattern.compile("(?:tcp|udp|sctp)://.+");

  private ServiceVariables() {}

  static boolean isOne(String name, String text) {
    return HOST_OR_PORT.matcher(name).matches()
        || PART_OF_A_PORT.matcher(name).matches()
        || (PORT.matcher(name).matches() && URL.matcher(text).matches());
  }
}
