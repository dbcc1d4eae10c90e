/**
 * One run of a drill as it is told and written down: phases, checks, moments, what is to be undone,
 * and what all runs together come to. Knows nothing of Kubernetes.
 */
@NullMarked
package dev.refloat.lab.drill.run;

import org.jspecify.annotations.NullMarked;
