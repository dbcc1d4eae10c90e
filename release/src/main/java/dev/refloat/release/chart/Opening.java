package dev.refloat.release.chart;

/** What a chart says otherwise than the manifest that a template of it is made of. */
sealed interface Opening {

  /** The object is in no chart. */
  record LeftOut() implements Opening {}

  /**
   * The object is there on a condition, or several times.
   *
   * @param action as Helm has it, such as {@code if .Values.keepData}; ended by {@code end}
   */
  record Around(String action) implements Opening {}

  /**
   * A value is written by the template.
   *
   * @param at as of RFC 6901, such as {@code /spec/replicas}
   * @param template what stands after the key instead of the value
   */
  record Value(String at, String template) implements Opening {}

  /**
   * More is said after a value, in lines of their own that are indented like its key.
   *
   * @param at as of RFC 6901
   */
  record Then(String at, String lines) implements Opening {}
}
