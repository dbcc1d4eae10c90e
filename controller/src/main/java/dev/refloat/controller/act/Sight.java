package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;
import java.util.Map;

/** What the watch sees. A hint, never a fact: it says when a live look is worth its price. */
@FunctionalInterface
public interface Sight {

  /** The pods of that set which wait for a node, by name, in the version that was seen last. */
  Map<String, ObjectId> waiting(SetKey key);
}
