package dev.refloat.settings;

import java.util.SortedMap;

/** The settings of one process. */
public sealed interface ProcessSettings permits ControllerSettings, WebhookSettings {

  /** What both processes need to know. */
  SharedSettings shared();

  /**
   * Returns all settings by name, the shared ones included, as texts that read back as these
   * settings. Nothing in them is secret.
   */
  SortedMap<String, String> describe();
}
