/**
 * The benchmark: what Refloat costs and how fast it is, each figure beside a floor measured in the
 * same run on the same control plane. For people to read; no test depends on a time.
 */
@NullMarked
package dev.refloat.lab.bench;

import org.jspecify.annotations.NullMarked;
