package dev.refloat.lab.drill.run;

/** What can happen to an app in a drill, in the order in which it does. */
public enum Moment {
  AWAY("taken away"),
  STRANDED("stranded"),
  SEEN("seen by Refloat"),
  ANEW("claims made anew"),
  BOUND("bound to a node"),
  BACK("Ready again");

  private final String words;

  Moment(String words) {
    this.words = words;
  }

  /** Returns it as a person says it. */
  public String words() {
    return words;
  }
}
