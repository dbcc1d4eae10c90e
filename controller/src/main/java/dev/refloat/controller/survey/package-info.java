/**
 * Reads, live and completely, everything that is decided about. What could not be read makes no
 * situation.
 */
@NullMarked
package dev.refloat.controller.survey;

import org.jspecify.annotations.NullMarked;
