/**
 * The recovery controller, in the order in which a fact travels: {@code watch} sees a stranded pod,
 * {@link dev.refloat.controller.Loop} queues its StatefulSet, {@code survey} reads everything live,
 * the judge of {@code common} decides, {@code act} writes, {@code report} tells.
 */
@NullMarked
package dev.refloat.controller;

import org.jspecify.annotations.NullMarked;
