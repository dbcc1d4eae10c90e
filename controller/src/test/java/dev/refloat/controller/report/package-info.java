@NullMarked
package dev.refloat.controller.report;

import org.jspecify.annotations.NullMarked;
