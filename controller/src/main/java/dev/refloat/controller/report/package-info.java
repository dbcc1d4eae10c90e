/** Tells what was decided and done: log, Events, metrics. */
@NullMarked
package dev.refloat.controller.report;

import org.jspecify.annotations.NullMarked;
