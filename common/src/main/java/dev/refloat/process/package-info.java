/**
 * The shell that both processes share: logging, the probe and metrics port, the connection to the
 * cluster, how a process ends.
 *
 * <p>This is the one package of {@code common} that does I/O. Nothing is decided here.
 */
@NullMarked
package dev.refloat.process;

import org.jspecify.annotations.NullMarked;
