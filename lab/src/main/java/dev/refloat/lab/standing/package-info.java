/**
 * The lab that a person leaves running: what its folder tells of it, and the orders that are given
 * to its nodes from other processes. Starting and ending it are commands.
 */
@NullMarked
package dev.refloat.lab.standing;

import org.jspecify.annotations.NullMarked;
