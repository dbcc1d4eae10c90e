package dev.refloat.lab.faults;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One end of a connection: reads HTTP/1.1 messages, chunks and WebSocket frames as they are, byte
 * by byte, so that they can be passed on unchanged. Read by one thread at a time.
 */
final class Wire implements Closeable {

  private static final int LONGEST_HEAD = 64 * 1024;
  private static final long LARGEST_BODY = 64L * 1024 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Wire(Socket socket) throws IOException {
    this(socket, socket.getInputStream(), socket.getOutputStream());
  }

  Wire(Socket socket, InputStream in, OutputStream out) {
    this.socket = socket;
    this.in = new BufferedInputStream(in);
    this.out = new BufferedOutputStream(out);
  }

  /** Returns the next head; empty if the other side has closed the connection between messages. */
  Optional<Head> readHead() throws IOException {
    StringBuilder text = new StringBuilder();
    String line = readLine(text.length());
    while (!line.isEmpty()) {
      text.append(line);
      if (line.equals("\r\n")) {
        return Optional.of(new Head(text.toString()));
      }
      line = readLine(text.length());
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    throw new EOFException("the connection was cut within a head");
  }

  /** Returns a line with its end; empty at the end of the stream. */
  private String readLine(int before) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      line.append((char) next);
      if (before + line.length() > LONGEST_HEAD) {
        throw new IOException("a head is longer than " + LONGEST_HEAD + " bytes");
      }
      if (next == '\n') {
        return line.toString();
      }
    }
    return "";
  }

  /** Reads the body that follows a request's head; without a length there is none. */
  void readRequestBody(Head head, ByteArrayOutputStream into) throws IOException {
    if (head.isChunked()) {
      readAllChunks(into);
    } else {
      copy(head.contentLength().orElse(0L), into);
    }
  }

  /** Reads the body that follows a response's head; without a length it ends with the stream. */
  void readResponseBody(Head head, ByteArrayOutputStream into) throws IOException {
    if (head.status() == 204 || head.status() == 304) {
      return;
    }
    if (head.isChunked()) {
      readAllChunks(into);
    } else if (head.contentLength().isPresent()) {
      copy(head.contentLength().get(), into);
    } else {
      into.write(in.readAllBytes());
    }
  }

  private void readAllChunks(ByteArrayOutputStream into) throws IOException {
    while (readChunk(into)) {
      if (into.size() > LARGEST_BODY) {
        throw new IOException("a body is larger than " + LARGEST_BODY + " bytes");
      }
    }
  }

  /** Reads a chunk with its frame, and returns whether more follow. */
  boolean readChunk(ByteArrayOutputStream into) throws IOException {
    String size = readLine(0);
    if (size.isEmpty()) {
      throw new EOFException("the connection was cut between chunks");
    }
    append(size, into);
    long length = Long.parseLong(size.strip().split(";", 2)[0], 16);
    if (length > 0) {
      copy(length + "\r\n".length(), into);
      return true;
    }
    String trailer = readLine(0);
    while (!trailer.isEmpty() && !trailer.equals("\r\n")) {
      append(trailer, into);
      trailer = readLine(0);
    }
    append(trailer, into);
    return false;
  }

  /**
   * Reads a WebSocket frame (RFC 6455, section 5.2), and returns whether more may follow: it is not
   * the one that closes.
   */
  boolean readFrame(ByteArrayOutputStream into) throws IOException {
    int first = readByte(into);
    int second = readByte(into);
    long length = second & 0x7f;
    int more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (more > 0) {
      length = 0;
      for (int i = 0; i < more; i++) {
        length = length << 8 | readByte(into);
      }
    }
    boolean masked = (second & 0x80) != 0;
    copy(length + (masked ? 4 : 0), into);
    return (first & 0x0f) != 0x8;
  }

  private int readByte(ByteArrayOutputStream into) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection was cut between frames");
    }
    into.write(next);
    return next;
  }

  /** Returns what has come, as soon as anything has; empty at the end of the stream. */
  byte[] readSome() throws IOException {
    byte[] some = new byte[8192];
    int length = in.read(some);
    return length < 0 ? new byte[0] : Arrays.copyOf(some, length);
  }

  private void copy(long length, ByteArrayOutputStream into) throws IOException {
    if (length > LARGEST_BODY) {
      throw new IOException("a body of " + length + " bytes is larger than " + LARGEST_BODY);
    }
    byte[] bytes = in.readNBytes(Math.toIntExact(length));
    if (bytes.length < length) {
      throw new EOFException("the connection was cut within a body");
    }
    into.write(bytes);
  }

  static void append(String text, ByteArrayOutputStream into) throws IOException {
    into.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Ends the connection at once, for both directions. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
