/**
 * What the controller is woken up by. Suspicion only: nothing is decided by what is cached here.
 */
@NullMarked
package dev.refloat.controller.watch;

import org.jspecify.annotations.NullMarked;
