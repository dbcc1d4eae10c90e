package dev.refloat.lab.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class WireTest {

  private final ByteArrayOutputStream read = new ByteArrayOutputStream();

  @Test
  void reads_one_message_after_the_other_and_changes_nothing() throws IOException {
    String first = "GET /api HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n";
    String second = "PATCH /api HTTP/1.1\r\ncontent-length: 3\r\n\r\n";
    Wire wire = wire(first + second + "abc");

    assertThat(wire.readHead()).contains(new Head(first));
    Head head = wire.readHead().orElseThrow();
    wire.readRequestBody(head, read);

    assertThat(head.text()).isEqualTo(second);
    assertThat(text()).isEqualTo("abc");
    assertThat(wire.readHead()).isEmpty();
  }

  @Test
  void reads_a_chunked_body_with_its_frames_and_trailers() throws IOException {
    String body = "4;x=y\r\nab\r\n\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\n";
    String next = "HTTP/1.1 200 OK\r\n\r\n";
    Wire wire = wire("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + next);

    wire.readResponseBody(wire.readHead().orElseThrow(), read);

    assertThat(text()).isEqualTo(body);
    assertThat(wire.readHead()).contains(new Head(next));
  }

  @Test
  void reads_a_body_of_no_length_to_the_end_and_none_where_there_is_none() throws IOException {
    Wire endless = wire("HTTP/1.1 200 OK\r\n\r\nall of it");
    endless.readResponseBody(endless.readHead().orElseThrow(), read);
    assertThat(text()).isEqualTo("all of it");

    Wire none = wire("HTTP/1.1 204 No Content\r\n\r\nnot of it");
    none.readResponseBody(none.readHead().orElseThrow(), read);
    assertThat(text()).isEqualTo("all of it");
  }

  @Test
  void reads_a_chunk_at_a_time_and_tells_the_last() throws IOException {
    Wire wire = wire("2\r\nab\r\n0\r\n\r\n");

    assertThat(wire.readChunk(read)).isTrue();
    assertThat(text()).isEqualTo("2\r\nab\r\n");
    assertThat(wire.readChunk(read)).isFalse();
  }

  @Test
  void reads_WebSocket_frames_of_every_length_and_tells_the_one_that_closes() throws IOException {
    String small = "\u0081\u0002hi";
    String masked = "\u0081\u0082\u0001\u0002\u0003\u0004hi";
    String medium = "\u0081~\u0001\u0000" + "m".repeat(256);
    String large = "\u0082\u007f\0\0\0\0\0\u0001\0\0" + "l".repeat(65_536);
    String close = "\u0088\u0002\u0003\u00e8";
    Wire wire = wire(small + masked + medium + large + close);

    for (int i = 0; i < 4; i++) {
      assertThat(wire.readFrame(read)).isTrue();
    }
    assertThat(wire.readFrame(read)).isFalse();
    assertThat(text()).isEqualTo(small + masked + medium + large + close);
  }

  @Test
  void what_an_own_event_is_framed_by_is_read_again() throws IOException {
    for (Framing framing : Framing.values()) {
      for (int length : new int[] {1, 125, 126, 40_000}) {
        String frame = new String(framing.frame("e".repeat(length)), ISO_8859_1);
        String end = new String(framing.end(), ISO_8859_1);
        Wire wire = wire(frame + end);
        read.reset();
        assertThat(framing.read(wire, read)).isTrue();
        assertThat(text()).isEqualTo(frame);
        assertThat(framing.read(wire, read)).isFalse();
        assertThat(text()).isEqualTo(frame + end);
      }
    }
  }

  @Test
  void a_message_that_was_cut_is_never_taken_for_a_whole_one() {
    assertThatIOException().isThrownBy(() -> wire("GET /api HTTP/1.1\r\nHos").readHead());
    assertThatIOException().isThrownBy(() -> wire("GET /api HTTP/1.1\r\nA: b\r\n").readHead());
    assertThatIOException()
        .isThrownBy(() -> wire("4\r\nab").readChunk(read))
        .isInstanceOf(EOFException.class);
    assertThatIOException().isThrownBy(() -> wire("\u0081\u0005ab").readFrame(read));
    assertThatIOException().isThrownBy(() -> wire("").readChunk(read));
  }

  @Test
  void a_head_without_an_end_is_not_read_for_ever() {
    assertThatIOException()
        .isThrownBy(() -> wire("x".repeat(1_000_000)).readHead())
        .withMessageContaining("longer than");
  }

  private String text() {
    return read.toString(ISO_8859_1);
  }

  private static Wire wire(String sent) {
    return new Wire(
        new Socket(),
        new ByteArrayInputStream(sent.getBytes(ISO_8859_1)),
        OutputStream.nullOutputStream());
  }
}
