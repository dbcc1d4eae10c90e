package dev.refloat.settings;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Tells an IP address from other texts without ever asking a name server. */
final class IpAddresses {

  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  private static final Pattern FOUR_BYTES = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");

  private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");

  private IpAddresses() {}

  static boolean isAddress(String text) {
    return isVersion4(text) || isVersion6(text);
  }

  static boolean isVersion4(String text) {
    return FOUR_BYTES.matcher(text).matches();
  }

  /** Eight groups, or fewer around one {@code ::}; neither a zone nor bytes at the end. */
  static boolean isVersion6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text) == 8;
    }
    int before = gap == 0 ? 0 : groups(text.substring(0, gap));
    String rest = text.substring(gap + 2);
    int after = rest.isEmpty() ? 0 : groups(rest);
    return before >= 0 && after >= 0 && before + after <= 7;
  }

  /** The number of groups between colons, or -1000 if one of them is no group. */
  private static int groups(String text) {
    List<String> groups = Arrays.asList(text.split(":", -1));
    return groups.stream().allMatch(GROUP.asMatchPredicate()) ? groups.size() : -1000;
  }
}
