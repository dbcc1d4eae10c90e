/**
 * From Kubernetes objects to facts, where null ends. Pure mapping: fabric8's model classes, but no
 * client.
 */
@NullMarked
package dev.refloat.kube;

import org.jspecify.annotations.NullMarked;
