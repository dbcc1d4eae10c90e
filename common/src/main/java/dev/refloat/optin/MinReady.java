package dev.refloat.optin;

/** How many of the other replicas must be well before one may be refloated. */
public sealed interface MinReady {

  /** How many of {@code others}. Never more than there are: a set of one has none to wait for. */
  int of(int others);

  /** All of them, the default. */
  record All() implements MinReady {

    @Override
    public int of(int others) {
      return others;
    }

    @Override
    public String toString() {
      return "all";
    }
  }

  /** A number; more than the others means all of them. */
  record Count(int count) implements MinReady {

    @Override
    public int of(int others) {
      return Math.min(count, others);
    }

    @Override
    public String toString() {
      return Integer.toString(count);
    }
  }

  /** A share of the others in percent, rounded up. */
  record Percent(int percent) implements MinReady {

    @Override
    public int of(int others) {
      return Math.ceilDiv(others * percent, 100);
    }

    @Override
    public String toString() {
      return percent + "%";
    }
  }
}
