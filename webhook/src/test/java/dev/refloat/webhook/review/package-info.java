@NullMarked
package dev.refloat.webhook.review;

import org.jspecify.annotations.NullMarked;
