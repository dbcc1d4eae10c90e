package dev.refloat.lab.recorder;

/**
 * A moment in the order of all writes.
 *
 * @param revision the number of the last write before it
 */
public record Mark(long revision) {}
