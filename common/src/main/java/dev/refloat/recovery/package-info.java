/**
 * Facts in, verdict out: whether a stranded pod may be given a new volume, and by which guarded
 * steps.
 *
 * <p>Pure: no I/O, no clock, no log, no Kubernetes client. Facts are records; an unknown fact never
 * gets here, because a survey that could not read something makes no {@link
 * dev.refloat.recovery.Situation}. {@link dev.refloat.recovery.Judge} is the checklist.
 */
@NullMarked
package dev.refloat.recovery;

import org.jspecify.annotations.NullMarked;
