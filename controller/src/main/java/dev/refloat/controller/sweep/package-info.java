/**
 * Looks once a minute for pods that are outside of the watch and that a person must know of. Reads
 * only; what is found is decided in {@code dev.refloat.recovery.Lookout}.
 */
@NullMarked
package dev.refloat.controller.sweep;

import org.jspecify.annotations.NullMarked;
