/** The command line: {@code release/release images}. */
@NullMarked
package dev.refloat.release.cli;

import org.jspecify.annotations.NullMarked;
