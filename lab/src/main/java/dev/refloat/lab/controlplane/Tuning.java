package dev.refloat.lab.controlplane;

import java.util.List;
import java.util.Optional;

/**
 * How a control plane differs from the ordinary one of the lab.
 *
 * @param auditPolicy what the API server writes into its audit log, as YAML; no log without one
 * @param controllerManager arguments of kube-controller-manager after the usual ones; of one that
 *     is given twice the later one counts
 * @param scheduler the same for kube-scheduler
 */
public record Tuning(
    Optional<String> auditPolicy, List<String> controllerManager, List<String> scheduler) {

  /** The ordinary control plane. */
  public static final Tuning NONE = new Tuning(Optional.empty(), List.of(), List.of());

  public Tuning {
    controllerManager = List.copyOf(controllerManager);
    scheduler = List.copyOf(scheduler);
  }
}
