/**
 * Keeps every version of the objects of a namespace, so that a test can state in which order things
 * happened.
 */
@NullMarked
package dev.refloat.lab.recorder;

import org.jspecify.annotations.NullMarked;
