package dev.refloat.lab.drill.run;

/**
 * One thing that a drill holds the cluster to.
 *
 * @param what it is, as a statement: {@code app-alpha-0 is on the same node}
 * @param expected in words
 * @param seen in words
 */
public record Check(String what, String expected, String seen, boolean passed) {}
