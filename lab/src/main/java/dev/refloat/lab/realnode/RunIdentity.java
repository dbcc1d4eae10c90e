package dev.refloat.lab.realnode;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What everything is known by that a run leaves in the kernel: eight hexadecimal digits.
 *
 * @param digits the digits
 */
public record RunIdentity(String digits) {

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{8}");

  public RunIdentity {
    if (!DIGITS.matcher(digits).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no identity; expected eight hexadecimal digits".formatted(digits));
    }
  }

  /** Returns the identity of these digits; empty if they are none. */
  public static Optional<RunIdentity> of(String digits) {
    return DIGITS.matcher(digits).matches()
        ? Optional.of(new RunIdentity(digits))
        : Optional.empty();
  }

  /**
   * Returns the hardware address of the run's bridge. It is given when the bridge is made, in one
   * step, so there is no moment at which nobody can tell whose it is; locally administered (<a
   * href="https://www.rfc-editor.org/rfc/rfc7042#section-2.1">RFC 7042, section 2.1</a>).
   */
  String hardwareAddress() {
    return "02:52" + digits.replaceAll("(..)", ":$1");
  }

  /** Returns the name of the run's control group, in each hierarchy. */
  String controlGroup() {
    return "refloat-lab-" + digits;
  }
}
