/**
 * What manifests become so that others install them: one file, and charts of Helm. Both are made of
 * the text of {@code manifests}, so that they cannot drift away from it.
 */
@NullMarked
package dev.refloat.release.chart;

import org.jspecify.annotations.NullMarked;
