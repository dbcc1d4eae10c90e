package dev.refloat.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A class whose tests have real nodes. They wait for kubelets most of the time, so they run beside
 * the classes without; one class after the other, and one test after the other, because each starts
 * machines, and one looks for what is left of them.
 */
@ExtendWith(RealNodesExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("real nodes")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnRealNodes {}
