/** The only place that writes to volumes, claims and pods: guarded steps, one after the other. */
@NullMarked
package dev.refloat.controller.act;

import org.jspecify.annotations.NullMarked;
