package dev.refloat.lab.world;

/** What becomes of a volume whose claim is gone. */
public enum ReclaimPolicy {
  RETAIN("Retain"),
  DELETE("Delete");

  private final String word;

  ReclaimPolicy(String word) {
    this.word = word;
  }

  /** Returns Kubernetes' own word. */
  public String word() {
    return word;
  }
}
