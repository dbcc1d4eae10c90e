package dev.refloat.lab.faults;

import java.util.EnumSet;
import java.util.Set;

/** What a request does, in Kubernetes' own words. */
public enum Verb {
  GET,
  LIST,
  WATCH,
  CREATE,
  UPDATE,
  PATCH,
  DELETE,
  DELETE_COLLECTION;

  static final Set<Verb> READS = Set.copyOf(EnumSet.range(GET, WATCH));
  static final Set<Verb> WRITES = Set.copyOf(EnumSet.range(CREATE, DELETE_COLLECTION));

  /** Returns whether it changes objects. */
  public boolean writes() {
    return WRITES.contains(this);
  }
}
