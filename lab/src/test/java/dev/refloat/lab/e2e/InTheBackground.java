package dev.refloat.lab.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A class whose tests wait for a minute or more until something is told, while next to nothing
 * happens: they begin first and run beside all other classes, on the shared control plane. None of
 * them may take the Lease or change what belongs to the whole cluster.
 */
@Execution(ExecutionMode.CONCURRENT)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface InTheBackground {}
