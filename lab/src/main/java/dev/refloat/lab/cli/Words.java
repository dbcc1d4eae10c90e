package dev.refloat.lab.cli;

import java.time.Duration;
import java.time.Instant;

/** What the commands say. */
final class Words {

  private Words() {}

  static void printHowToUse(StandingLab lab) {
    System.out.printf(
        """
        The lab is up: %s
        Its kubeconfig: %s

        Next:
          lab/lab kubectl get nodes,pods,pv -A
          export KUBECONFIG=%s
          lab/lab status
          lab/lab down
        """,
        lab.note().map(StandingLab.Note::url).orElse("?"), lab.kubeconfig(), lab.kubeconfig());
  }

  /** Returns a duration as people say it. */
  static String age(Instant since, Instant now) {
    Duration age = Duration.between(since, now);
    if (age.toMinutes() < 2) {
      return age.toSeconds() + " s";
    }
    return age.toHours() < 2 ? age.toMinutes() + " min" : age.toHours() + " h";
  }
}
