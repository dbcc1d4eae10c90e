/** Waiting with a deadline and a message that shows the last state. No test library. */
@NullMarked
package dev.refloat.lab.await;

import org.jspecify.annotations.NullMarked;
