package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;

/** A pod that looks stranded: all that is kept of it. Everything else is read live. */
public record Suspect(ObjectId id, SetKey set) {

  public String name() {
    return id.name();
  }
}
