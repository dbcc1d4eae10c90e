package dev.refloat.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Texts that travel beside the classes that use them. */
public final class Resources {

  private Resources() {}

  /** Returns the text of {@code name}, which is in the package of {@code user} or below it. */
  public static String beside(Class<?> user, String name) {
    try (@Nullable InputStream resource = user.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is not beside " + user.getName());
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
