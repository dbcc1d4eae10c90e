/**
 * Refloat's idea of where a volume or a pod may be, beside the real scheduler's: tables of which
 * each row is made for real on the lab's API server. Nothing of Refloat runs here.
 */
@NullMarked
package dev.refloat.lab.scheduler;

import org.jspecify.annotations.NullMarked;
