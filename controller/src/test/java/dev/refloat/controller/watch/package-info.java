@NullMarked
package dev.refloat.controller.watch;

import org.jspecify.annotations.NullMarked;
