/** The commands for a person: up, down, status, kubectl, build. */
@NullMarked
package dev.refloat.lab.cli;

import org.jspecify.annotations.NullMarked;
