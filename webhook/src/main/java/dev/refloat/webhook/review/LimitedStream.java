package dev.refloat.webhook.review;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Ends with an exception where a stream is longer than it may be, or takes longer than it may. */
final class LimitedStream extends FilterInputStream {

  private final long limit;
  private final Duration patience;
  private final long began = System.nanoTime();
  private long count = 0;

  /**
   * @param patience a single read that blocks is not cut short; the server has its own limit there
   */
  LimitedStream(InputStream stream, long limit, Duration patience) {
    super(stream);
    this.limit = limit;
    this.patience = patience;
  }

  /** There was more than the limit. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private TooLargeException(long limit) {
      super("more than " + limit + " bytes");
    }
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    if (next >= 0) {
      count(1);
    }
    return next;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    if (read > 0) {
      count(read);
    }
    return read;
  }

  private void count(int more) throws IOException {
    count += more;
    if (count > limit) {
      throw new TooLargeException(limit);
    }
    if (System.nanoTime() - began > patience.toNanos()) {
      throw new InterruptedIOException("it took longer than " + patience);
    }
  }
}
