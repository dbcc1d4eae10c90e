package dev.refloat.lab.demo;

import java.util.List;

/** Something that the demo shows. */
interface Play {

  /** Plays it; returns what it claimed that was not true. */
  List<String> perform() throws InterruptedException;

  /** Returns commands of kubectl, called {@code k}, with which a person goes on afterwards. */
  List<String> toTry();
}
