package dev.refloat.release.image;

/** An image cannot be made; the message says why, and what to do. */
public final class ImageFailed extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Makes one with what a person is told. */
  public ImageFailed(String message) {
    super(message);
  }

  ImageFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
