package dev.refloat.controller.watch;

import java.time.Duration;
import java.util.List;

/**
 * Why a watch is given up and opened anew. The simple names are values of the label {@code why} of
 * {@code refloat_watch_restarts_total}.
 */
sealed interface WatchEnd {

  /** The API server has forgotten the version where it should go on: 410. */
  record Expired() implements WatchEnd {}

  /** It ended by itself. */
  record Closed(String why) implements WatchEnd {}

  /** A list says otherwise, and the watch has said nothing about it since. */
  record Behind(List<String> pods) implements WatchEnd {

    public Behind {
      pods = List.copyOf(pods);
    }
  }

  /** Not even a bookmark came. */
  record Silent(Duration since) implements WatchEnd {}
}
