@NullMarked
package dev.refloat.settings;

import org.jspecify.annotations.NullMarked;
