package dev.refloat.admission;

/** What was found out about a StorageClass. */
public sealed interface ClassStorage {

  /** Its name. */
  String name();

  /**
   * There is one.
   *
   * @param retains whether the volumes it makes stay when their claims go
   */
  record Found(String name, String provisioner, boolean retains) implements ClassStorage {}

  /** There is none of that name, or nobody could tell. */
  record Unknown(String name) implements ClassStorage {}
}
