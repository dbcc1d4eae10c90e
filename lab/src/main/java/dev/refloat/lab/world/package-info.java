/**
 * What a test or the demo sets up in one namespace: nodes, classes, volumes and StatefulSets as
 * small values, and what can happen to them.
 */
@NullMarked
package dev.refloat.lab.world;

import org.jspecify.annotations.NullMarked;
