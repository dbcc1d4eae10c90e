package dev.refloat.lab.controlplane;

/**
 * The control plane did not start or did not stay; the message shows the end of the log of the
 * component at fault.
 */
public final class ControlPlaneFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ControlPlaneFailed(String message) {
    super(message);
  }

  ControlPlaneFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
