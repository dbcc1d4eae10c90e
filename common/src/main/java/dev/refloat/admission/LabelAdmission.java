package dev.refloat.admission;

import dev.refloat.settings.WatchedNamespaces;
import java.util.Optional;
import java.util.Set;

/**
 * Rules on who may write our label. It is an index that the controller trusts to be complete and
 * cheap, so nobody writes it but Refloat, whatever rights they have.
 */
public final class LabelAdmission {

  /** How Kubernetes calls a service account: with its namespace and its name. */
  private static final String ACCOUNT = "system:serviceaccount:%s:%s";

  private final WatchedNamespaces watched;
  private final Set<String> ownAccounts;

  /**
   * @param ownNamespace where Refloat's service accounts are
   */
  public LabelAdmission(WatchedNamespaces watched, String ownNamespace) {
    this.watched = watched;
    this.ownAccounts =
        Set.of(
            ACCOUNT.formatted(ownNamespace, "refloat-webhook"),
            ACCOUNT.formatted(ownNamespace, "refloat-controller"));
  }

  /**
   * Rules on a pod that is about to be created. What a StatefulSet makes is never refused: its
   * label, if it has not earned it, is taken off instead.
   */
  public Ruling created(PodFacts pod, String user) {
    if (pod.label().isEmpty()) {
      return Ruling.Admit.silently(new Ruling.LabelUntouched());
    }
    if (pod.controller().filter(PodFacts.Controller::isStatefulSet).isPresent()) {
      return Ruling.Admit.silently(new Ruling.OfStatefulSet());
    }
    return unlessOurs(
        pod.namespace(),
        user,
        new Ruling.LabelOnForeignPod(
            pod.controller().map(PodFacts.Controller::toString).orElse("none")));
  }

  /**
   * Rules on a change of a pod.
   *
   * @param before the value of our label before it, if it was there
   * @param now the same after it
   */
  public Ruling changed(
      String namespace, String user, Optional<String> before, Optional<String> now) {
    return before.equals(now)
        ? Ruling.Admit.silently(new Ruling.LabelUntouched())
        : unlessOurs(namespace, user, new Ruling.LabelByHand(before, now));
  }

  private Ruling unlessOurs(String namespace, String user, Ruling.Wrong wrong) {
    if (!watched.includes(namespace)) {
      return Ruling.Admit.silently(new Ruling.NotWatched(namespace));
    }
    return ownAccounts.contains(user)
        ? Ruling.Admit.silently(new Ruling.OwnAccount())
        : new Ruling.Refuse(wrong);
  }
}
