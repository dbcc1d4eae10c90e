@NullMarked
package dev.refloat.controller.act;

import org.jspecify.annotations.NullMarked;
