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

/**
 * A class whose tests have real nodes of the control plane that such classes share. They wait for
 * kubelets most of the time, so they run beside the classes without; one class after the other, and
 * one test after the other, because they lose each other's nodes.
 */
@ExtendWith(RealNodesExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("real nodes")
@ResourceLock(value = Machines.OF_SEVERAL, mode = ResourceAccessMode.READ)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnRealNodes {}
