@NullMarked
package dev.refloat.kube;

import org.jspecify.annotations.NullMarked;
