package dev.refloat.lean;

import dev.refloat.kube.Facts;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * What a list's items are read into: takes whole objects one by one, as they arrive, and keeps a
 * record of each. The library's model of a pod takes about 30 KB of heap, and its record one.
 *
 * @param <T> what arrives
 * @param <R> what is kept
 */
abstract class Sink<T, R> extends AbstractCollection<T> {

  private final Function<T, R> small;
  private final List<R> kept = new ArrayList<>();

  private Sink(Function<T, R> small) {
    this.small = small;
  }

  @Override
  public boolean add(T item) {
    return kept.add(small.apply(item));
  }

  List<R> kept() {
    return Collections.unmodifiableList(kept);
  }

  /** Nothing of what arrived is there any more. */
  @Override
  public Iterator<T> iterator() {
    throw new UnsupportedOperationException("a sink keeps other things than it takes");
  }

  @Override
  public int size() {
    return kept.size();
  }

  static final class OfPods extends Sink<Pod, dev.refloat.recovery.Pod> {
    OfPods() {
      super(Facts::pod);
    }
  }

  static final class OfNodes extends Sink<Node, dev.refloat.recovery.Node> {
    OfNodes() {
      super(Facts::node);
    }
  }
}
