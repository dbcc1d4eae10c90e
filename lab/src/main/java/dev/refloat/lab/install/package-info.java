/**
 * Refloat on a lab cluster, from the manifests that users apply and the processes that a build
 * leaves behind.
 */
@NullMarked
package dev.refloat.lab.install;

import org.jspecify.annotations.NullMarked;
