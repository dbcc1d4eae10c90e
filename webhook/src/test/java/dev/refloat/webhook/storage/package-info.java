@NullMarked
package dev.refloat.webhook.storage;

import org.jspecify.annotations.NullMarked;
