package dev.refloat.lab.cli;

import dev.refloat.lab.standing.NodeOrder;
import dev.refloat.lab.standing.StandingLab;
import java.nio.file.Files;
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
    lab.note()
        .filter(StandingLab.Note::refloat)
        .ifPresent(
            note ->
                System.out.printf(
                    "Refloat runs; its settings: ConfigMap refloat-system/refloat, its logs: %s/refloat-*.log%n",
                    note.logs()));
    if (Files.exists(lab.orders())) {
      System.out.printf(
          """
          With real nodes:
            lab/lab kubectl apply -k manifests/samples
            ./refloat-drill persistence --all-apps     with the kubeconfig above
            lab/lab node node-1 power-off
          What can happen to a node:
          %s
          """,
          NodeOrder.table());
    }
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
