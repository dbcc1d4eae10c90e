@NullMarked
package dev.refloat.lab.drill.report;

import org.jspecify.annotations.NullMarked;
