/**
 * Starts webhook and controller as the processes that a user would start, and reads what they log.
 */
@NullMarked
package dev.refloat.lab.process;

import org.jspecify.annotations.NullMarked;
