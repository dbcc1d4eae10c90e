package dev.refloat.process;

import io.fabric8.kubernetes.client.Config;

/** How to reach a cluster, or why that is not known. */
sealed interface Configuration {

  /** Where the cluster is and how to sign in; {@code origin} tells a person where this is from. */
  record Complete(Config config, String origin) implements Configuration {}

  /** What is wrong and what to do about it, in words. */
  record Wrong(String words) implements Configuration {}
}
