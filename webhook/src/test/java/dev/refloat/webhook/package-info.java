@NullMarked
package dev.refloat.webhook;

import org.jspecify.annotations.NullMarked;
