/**
 * The one place that turns a verdict into words, for log, Events and whoever asks.
 *
 * <p>The words say what is, why, until when, and what a person can do. Pure.
 */
@NullMarked
package dev.refloat.words;

import org.jspecify.annotations.NullMarked;
