package dev.refloat.lab;

import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.World;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands a test the one {@link ControlPlane} that all tests of this JVM share, started when the
 * first test asks for it and closed after the last, and an empty {@link World} of its own, closed
 * with the test.
 */
public class LabExtension implements ParameterResolver {

  private static final Namespace OURS = Namespace.create(LabExtension.class);
  private static final int PURPOSE_LENGTH = 24;

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == ControlPlane.class || type == World.class;
  }

  @Override
  public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ControlPlane.class
        ? shared(context)
        : world(context);
  }

  /** Returns the control plane that a test of {@code context} shares with others. */
  protected ControlPlane shared(ExtensionContext context) {
    return controlPlane(context);
  }

  /** Returns the shared control plane, for extensions that put more on it. */
  public static ControlPlane controlPlane(ExtensionContext context) {
    return startedOnce(
        context,
        OURS,
        () -> ControlPlane.start(LabSettings.fromEnvironment(), Progress.toStandardError()));
  }

  /** Returns the control plane of {@code namespace}, which is closed after the last test. */
  static ControlPlane startedOnce(
      ExtensionContext context, Namespace namespace, Supplier<ControlPlane> start) {
    return context
        .getRoot()
        .getStore(namespace)
        .computeIfAbsent(ControlPlane.class, _ -> start.get(), ControlPlane.class);
  }

  private World world(ExtensionContext context) {
    ControlPlane controlPlane = shared(context);
    return context
        .getStore(OURS)
        .computeIfAbsent(
            World.class, _ -> World.create(controlPlane, purpose(context)), World.class);
  }

  /** Returns the start of the test's name as a name that Kubernetes accepts. */
  private static String purpose(ExtensionContext context) {
    String name =
        context.getRequiredTestMethod().getName().toLowerCase(Locale.ROOT).replace('_', '-');
    String start = name.substring(0, Math.min(PURPOSE_LENGTH, name.length()));
    return start.endsWith("-") ? start + "x" : start;
  }
}
