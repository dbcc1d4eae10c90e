package dev.refloat.lab.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;

class RelayTest {

  private static final int PATIENCE_MILLIS = 5_000;

  private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final Relay relay = Relay.to(URI.create("https://127.0.0.1:" + server.getLocalPort()));

  RelayTest() throws IOException {}

  private Socket client() throws IOException {
    return patient(new Socket(relay.url().getHost(), relay.url().getPort()));
  }

  private Socket accept() throws IOException {
    server.setSoTimeout(PATIENCE_MILLIS);
    return patient(server.accept());
  }

  /** A blocked read is not interrupted by a test's time-out. */
  private static Socket patient(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  @Test
  void passes_bytes_both_ways_and_counts_those_that_the_client_gets() throws IOException {
    try (relay;
        server;
        Socket client = client();
        Socket accepted = accept()) {
      client.getOutputStream().write("a question".getBytes(US_ASCII));
      assertThat(accepted.getInputStream().readNBytes(10))
          .isEqualTo("a question".getBytes(US_ASCII));

      accepted.getOutputStream().write("an answer".getBytes(US_ASCII));
      accepted.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).isEqualTo("an answer".getBytes(US_ASCII));
      assertThat(relay.bytesToClients()).isEqualTo("an answer".length());
    }
  }

  @Test
  void the_end_of_one_connection_is_the_end_of_the_other() throws IOException {
    try (relay;
        server;
        Socket client = client();
        Socket accepted = accept()) {
      client.shutdownOutput();

      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void closed_it_ends_its_connections_and_takes_no_more() throws IOException {
    try (server;
        Socket client = client();
        Socket accepted = accept()) {
      URI url = relay.url();
      relay.close();

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
      assertThatExceptionOfType(ConnectException.class)
          .isThrownBy(() -> new Socket(url.getHost(), url.getPort()).close());
    }
  }

  @Test
  void the_protocol_is_that_of_the_server() throws IOException {
    try (relay;
        server) {
      assertThat(relay.url().getScheme()).isEqualTo("https");
    }
  }
}
