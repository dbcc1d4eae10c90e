package dev.refloat.settings;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts Kubernetes takes for which kind of name.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go">apimachinery's
 *     validation.go</a>
 */
final class Names {

  private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";

  private static final Pattern ONE_LABEL = Pattern.compile(LABEL);

  /** Labels in a subdomain may be longer than 63 characters in Kubernetes, but not on the net. */
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*");

  private static final Pattern HOST = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

  private static final Pattern ONLY_DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

  private static final Pattern QUALIFIED =
      Pattern.compile("(?:([^/]*)/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  /** Keys whose value many nodes share: a disk is never pinned by them to one node. */
  private static final Set<String> WIDER_THAN_A_NODE =
      Set.of(
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "node.kubernetes.io/instance-type");

  private Names() {}

  /** Whether this may name a namespace. */
  static boolean isLabel(String text) {
    return ONE_LABEL.matcher(text).matches();
  }

  /** Whether this may name most other kinds of objects. */
  static boolean isSubdomain(String text) {
    return text.length() <= 253 && SUBDOMAIN.matcher(text).matches();
  }

  /** Whether this is a DNS name, in any case; four numbers and dots are none. */
  static boolean isHost(String text) {
    return text.length() <= 253
        && HOST.matcher(text.toLowerCase(Locale.ROOT)).matches()
        && !ONLY_DIGITS_AND_DOTS.matcher(text).matches();
  }

  /** Whether this may be the key of a label, or name a provisioner: {@code example.com/name}. */
  static boolean isQualified(String text) {
    Matcher parts = QUALIFIED.matcher(text);
    return parts.matches() && (parts.group(1) == null || isSubdomain(parts.group(1)));
  }

  /** Whether nodes share the values of this label, so that it cannot say where a disk is. */
  static boolean isWiderThanANode(String key) {
    return WIDER_THAN_A_NODE.contains(key);
  }
}
