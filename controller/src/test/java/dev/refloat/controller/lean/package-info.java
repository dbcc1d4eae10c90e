@NullMarked
package dev.refloat.controller.lean;

import org.jspecify.annotations.NullMarked;
