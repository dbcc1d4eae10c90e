@NullMarked
package dev.refloat.release.chart;

import org.jspecify.annotations.NullMarked;
