/**
 * What is local storage, where it is pinned, and Kubernetes' own node selector rules.
 *
 * <p>Pure: values in, values out. No Kubernetes client types, no I/O.
 */
@NullMarked
package dev.refloat.storage;

import org.jspecify.annotations.NullMarked;
