package dev.refloat.recovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Choices that one seed makes in the same way for ever.
 *
 * <p>Some worlds are messier than others: where every second fact is odd, nothing is ever decided
 * by the last rules, and where none is, nothing is by the first.
 */
final class Dice {

  private static final List<Double> MESS = List.of(0.2, 0.6, 1.0, 3.0);

  private final SplittableRandom random;
  private final double mess;

  Dice(long seed) {
    random = new SplittableRandom(seed);
    mess = oneOf(MESS);
  }

  /** In so many of a hundred worlds. */
  boolean percent(double chance) {
    return random.nextDouble() * 100 < chance;
  }

  /** In about so many of a hundred worlds, more in messy ones: for what is not as it should be. */
  boolean odd(double chance) {
    return percent(chance * mess);
  }

  /** Both ends included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  Duration between(Duration least, Duration most) {
    return Duration.ofSeconds(random.nextLong(least.toSeconds(), most.toSeconds() + 1));
  }

  /** The usual thing, now and then one of the others. */
  @SafeVarargs
  final <T> T usually(T usual, double oddity, T... others) {
    return odd(oddity) ? others[random.nextInt(others.length)] : usual;
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  <T> List<T> shuffled(List<T> things) {
    List<T> shuffled = new ArrayList<>(things);
    for (int last = shuffled.size() - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      T thing = shuffled.get(other);
      shuffled.set(other, shuffled.get(last));
      shuffled.set(last, thing);
    }
    return shuffled;
  }
}
