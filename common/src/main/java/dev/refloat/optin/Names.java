package dev.refloat.optin;

import dev.refloat.settings.Nearest;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The names of our annotations and labels: what users write and what we write. */
public final class Names {

  public static final String PREFIX = "refloat.dev/";

  /** Which states of the pinned node justify giving up the volume. */
  public static final String RECOVER = "refloat.dev/recover";

  /** What becomes of the old data: {@code keep} or {@code discard}. */
  public static final String DATA = "refloat.dev/data";

  /** Grace for all states, instead of the controller's defaults. */
  public static final String AFTER = "refloat.dev/after";

  /** How many of the other replicas must be Ready. */
  public static final String MIN_READY = "refloat.dev/min-ready";

  /** On a StatefulSet or Namespace: hands off. */
  public static final String PAUSED = "refloat.dev/paused";

  /**
   * Label on pods, written by the webhook, watched by the controller. An index, never an authority.
   */
  public static final String LOCAL_STORAGE = "refloat.dev/local-storage";

  /** On a re-created claim: the how-manieth recovery made it. */
  public static final String ATTEMPT = "refloat.dev/attempt";

  /**
   * Label on a re-created claim that carries {@link #ATTEMPT}: the name of its pod. By it these
   * claims are found again; an index, never an authority.
   */
  public static final String RECOVERED = "refloat.dev/recovered";

  /** On a kept volume: whose it was. */
  public static final String KEPT = "refloat.dev/kept";

  /** On a kept volume: the reclaim policy that it had before. */
  public static final String RECLAIM_POLICY_WAS = "refloat.dev/reclaim-policy-was";

  /** On a claim that was nearly given up: when it was decided that it stays. */
  public static final String STAYS = "refloat.dev/stays";

  /** Annotations that belong in a pod template, sorted. */
  public static final Set<String> IN_TEMPLATE =
      Collections.unmodifiableSortedSet(new TreeSet<>(Set.of(RECOVER, DATA, AFTER, MIN_READY)));

  private Names() {}

  /** Whether an object with these annotations is paused: by any value but {@code false}. */
  public static boolean isPaused(Map<String, String> annotations) {
    String paused = annotations.get(PAUSED);
    return paused != null && !paused.equals("false");
  }

  /**
   * Returns what to add to words about an unknown name: {@code "; did you mean ...?"} with the
   * nearest of {@code known}, or nothing if none is near.
   */
  public static String suggestion(String name, Set<String> known) {
    return Nearest.nearest(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }
}
