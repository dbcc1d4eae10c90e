package dev.refloat.lab.controlplane;

import java.util.List;
import java.util.Optional;

/**
 * How a control plane differs from the ordinary one of the lab.
 *
 * @param realNodes whether nodes can be real ones; its API server then listens on a bridge instead
 *     of loopback, because they are hosts of their own
 * @param auditPolicy what the API server writes into its audit log, as YAML; no log without one
 * @param controllerManager arguments of kube-controller-manager after the usual ones; of one that
 *     is given twice the later one counts
 * @param scheduler the same for kube-scheduler
 */
public record Tuning(
    boolean realNodes,
    Optional<String> auditPolicy,
    List<String> controllerManager,
    List<String> scheduler) {

  /** The ordinary control plane. */
  public static final Tuning NONE = new Tuning(false, Optional.empty(), List.of(), List.of());

  /** One whose nodes can be real ones. */
  public static final Tuning REAL_NODES = new Tuning(true, Optional.empty(), List.of(), List.of());

  public Tuning {
    controllerManager = List.copyOf(controllerManager);
    scheduler = List.copyOf(scheduler);
  }

  /** Returns this tuning with these arguments of kube-controller-manager. */
  public Tuning controllerManager(String... arguments) {
    return new Tuning(realNodes, auditPolicy, List.of(arguments), scheduler);
  }
}
