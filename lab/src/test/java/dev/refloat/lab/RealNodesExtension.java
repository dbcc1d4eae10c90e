package dev.refloat.lab;

import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.realnode.Requirements;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Hands a test a control plane and a world whose nodes can be real ones; such tests share one.
 * Where there can be none they are not run, and {@link NotRun} tells which; where the settings say
 * that there must be some they fail.
 */
public final class RealNodesExtension extends LabExtension implements ExecutionCondition {

  private static final Namespace OURS = Namespace.create(RealNodesExtension.class);
  private static final LabSettings SETTINGS = LabSettings.fromEnvironment();

  /** Nobody waits a minute until a node that is off is taken for one; kubelets report each 2 s. */
  private static final Tuning TUNING =
      Tuning.REAL_NODES
          .images(Program.DATABASES)
          .controllerManager("--node-monitor-grace-period=12s");

  /** Lazily, and once: it tries the machine. */
  private static final class Obstacle {
    private static final Optional<String> FOUND = Requirements.obstacle(SETTINGS, TUNING.images());
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> obstacle = Obstacle.FOUND;
    if (obstacle.isEmpty()) {
      return ConditionEvaluationResult.enabled("real nodes can run here");
    }
    if (Requirements.areRequired(SETTINGS)) {
      throw new IllegalStateException(
          "%s is required, but %s".formatted(LabSettings.REAL_NODES, obstacle.get()));
    }
    return ConditionEvaluationResult.disabled(obstacle.get());
  }

  @Override
  protected ControlPlane shared(ExtensionContext context) {
    return controlPlane(context);
  }

  /** Returns the shared control plane with real nodes, for extensions that put more on it. */
  public static ControlPlane controlPlane(ExtensionContext context) {
    return startedOnce(
        context, OURS, () -> OwnControlPlane.start(SETTINGS, Progress.toStandardError(), TUNING));
  }
}
