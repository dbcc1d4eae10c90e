package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;

/** A pod that looks stranded: all that is kept of it. Everything else is read live. */
record Suspect(ObjectId id, SetKey set) {

  String name() {
    return id.name();
  }
}
