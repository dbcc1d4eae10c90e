/** The story that {@code ./demo} plays on a control plane of its own, and how it is told. */
@NullMarked
package dev.refloat.lab.demo;

import org.jspecify.annotations.NullMarked;
