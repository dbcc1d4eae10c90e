@NullMarked
package dev.refloat.optin;

import org.jspecify.annotations.NullMarked;
