/**
 * A proxy between a process of Refloat and the API server that fails on purpose, as a test tells
 * it, and writes down every request. HTTP/1.1 only, which is what both sides agree on where the
 * proxy offers nothing else.
 */
@NullMarked
package dev.refloat.lab.faults;

import org.jspecify.annotations.NullMarked;
