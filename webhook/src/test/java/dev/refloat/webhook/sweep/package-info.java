@NullMarked
package dev.refloat.webhook.sweep;

import org.jspecify.annotations.NullMarked;
