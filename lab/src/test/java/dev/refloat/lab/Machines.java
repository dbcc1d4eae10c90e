package dev.refloat.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Who else may start machines, where a class starts real nodes of its own. */
public final class Machines {

  /** Several classes start some; who holds it alone sees no others come and go. */
  static final String OF_SEVERAL = "machines";

  private Machines() {}

  /**
   * Its tests have a control plane with real nodes to themselves, beside those of others. Tests
   * that share it need a lock of their own beside this.
   */
  @ExtendWith(RealNodesExtension.class)
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = OF_SEVERAL, mode = ResourceAccessMode.READ)
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  public @interface OfItsOwn {}

  /** Its tests look for what is left of machines, so that nobody else may start some. */
  @ExtendWith(RealNodesExtension.class)
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(OF_SEVERAL)
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  public @interface Alone {}
}
