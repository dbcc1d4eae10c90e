package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;
import java.time.Instant;

/** A pod that looks stranded: all that is kept of it. Everything else is read live. */
record Suspect(ObjectId id, SetKey set, Instant createdAt) {

  String name() {
    return id.name();
  }
}
