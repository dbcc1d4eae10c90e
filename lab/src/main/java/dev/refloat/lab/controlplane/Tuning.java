package dev.refloat.lab.controlplane;

import dev.refloat.lab.binaries.Program;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a control plane differs from the ordinary one of the lab.
 *
 * @param realNodes whether nodes can be real ones; its API server then listens on a bridge instead
 *     of loopback, because they are hosts of their own
 * @param images programs that real nodes have as images of their own, see {@link
 *     dev.refloat.lab.realnode.RealNodes#image}
 * @param auditPolicy what the API server writes into its audit log, as YAML; no log without one
 * @param controllerManager arguments of kube-controller-manager after the usual ones; of one that
 *     is given twice the later one counts
 * @param scheduler the same for kube-scheduler
 */
public record Tuning(
    boolean realNodes,
    Set<Program> images,
    Optional<String> auditPolicy,
    List<String> controllerManager,
    List<String> scheduler) {

  /** The ordinary control plane. */
  public static final Tuning NONE =
      new Tuning(false, Set.of(), Optional.empty(), List.of(), List.of());

  /** One whose nodes can be real ones. */
  public static final Tuning REAL_NODES =
      new Tuning(true, Set.of(), Optional.empty(), List.of(), List.of());

  public Tuning {
    images = Set.copyOf(images);
    if (!images.isEmpty() && !realNodes) {
      throw new IllegalArgumentException("images are for real nodes; expected none of " + images);
    }
    controllerManager = List.copyOf(controllerManager);
    scheduler = List.copyOf(scheduler);
  }

  /** Returns this tuning with images of these programs on its real nodes. */
  public Tuning images(Set<Program> programs) {
    return new Tuning(realNodes, programs, auditPolicy, controllerManager, scheduler);
  }

  /** Returns this tuning with these arguments of kube-controller-manager. */
  public Tuning controllerManager(String... arguments) {
    return new Tuning(realNodes, images, auditPolicy, List.of(arguments), scheduler);
  }
}
