package dev.refloat.words;

import dev.refloat.optin.LostState;
import dev.refloat.recovery.ObjectId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What many sentences are made of. An Event's note has 1024 bytes: enough to act on, no page. */
final class Phrases {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Phrases() {}

  /** The command that keeps a volume's data whatever becomes of its claim. */
  static String retain(String volume) {
    return "`kubectl patch pv "
        + volume
        + " -p '{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}'`";
  }

  static String deletePod(String namespace, String pod) {
    return "`kubectl delete pod -n " + namespace + " " + pod + "`";
  }

  static String deleteClaim(String namespace, String claim) {
    // It would wait for ever for a claim that somebody uses.
    return "`kubectl delete pvc -n " + namespace + " " + claim + " --wait=false`";
  }

  /** The command that stops whatever is about to happen to a pod of a StatefulSet. */
  static String pause(ObjectId pod) {
    int ordinal = pod.name().lastIndexOf('-');
    String set = ordinal < 0 ? pod.name() : pod.name().substring(0, ordinal);
    return "`kubectl annotate --overwrite statefulset -n "
        + pod.namespace()
        + " "
        + set
        + " refloat.dev/paused=true`";
  }

  static String states(Collection<LostState> states) {
    return states.stream().map(LostState::word).collect(Collectors.joining(", "));
  }

  static String join(List<String> things) {
    return String.join(", ", things);
  }

  static String firstFew(List<String> things) {
    return firstFew(things, 5);
  }

  static String firstFew(List<String> things, int most) {
    String few = things.stream().limit(most).collect(Collectors.joining("; "));
    return things.size() <= most ? few : few + "; and " + (things.size() - most) + " more";
  }

  /** What users write may be long, and may hold line breaks. */
  static String cut(String text, int longest) {
    String line = CONTROL.matcher(text).replaceAll("?");
    return line.length() <= longest ? line : line.substring(0, longest - 3) + "...";
  }

  /** In whole seconds, as the API writes times, in UTC. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
