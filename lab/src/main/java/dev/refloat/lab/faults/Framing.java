package dev.refloat.lab.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How the events of a watch follow one another on the wire. */
enum Framing {
  /** An answer that does not end: {@code Transfer-Encoding: chunked}. */
  CHUNKS {
    @Override
    boolean read(Wire from, ByteArrayOutputStream into) throws IOException {
      return from.readChunk(into);
    }

    @Override
    byte[] frame(String event) {
      int length = event.getBytes(StandardCharsets.UTF_8).length;
      return "%x\r\n%s\r\n".formatted(length, event).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    byte[] end() {
      return "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }
  },

  /** The connection was upgraded to a WebSocket. */
  WEBSOCKET {
    @Override
    boolean read(Wire from, ByteArrayOutputStream into) throws IOException {
      return from.readFrame(into);
    }

    @Override
    byte[] frame(String event) {
      byte[] payload = event.getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(payload.length + 4);
      frame.put((byte) 0x81); // a whole text
      if (payload.length < 126) {
        frame.put((byte) payload.length);
      } else {
        frame.put((byte) 126).putShort((short) payload.length);
      }
      frame.put(payload).flip();
      byte[] bytes = new byte[frame.remaining()];
      frame.get(bytes);
      return bytes;
    }

    @Override
    byte[] end() {
      return new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xe8}; // close, 1000: done
    }
  };

  /** Reads one event, or a part of it, and returns whether more may follow. */
  abstract boolean read(Wire from, ByteArrayOutputStream into) throws IOException;

  /** Returns an event of our own, shorter than 64 KB. */
  abstract byte[] frame(String event);

  /** Returns what ends the watch in good order. */
  abstract byte[] end();
}
