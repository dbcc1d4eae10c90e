package dev.refloat.lab.world;

import org.jspecify.annotations.Nullable;

/** A command in a pod did not end as it should; the message says which, where and how. */
public final class CommandFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
