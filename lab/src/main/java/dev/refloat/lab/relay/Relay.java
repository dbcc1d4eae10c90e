package dev.refloat.lab.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Passes bytes between its clients and servers as they are, and counts them. TLS goes through it
 * from end to end, so that the bytes are those of the wire.
 */
public final class Relay implements AutoCloseable {

  private static final int BUFFER = 64 * 1024;

  private final ServerSocket listening;
  private final Supplier<Optional<URI>> servers;
  private final AtomicLong toClients = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private final Thread accepting;

  private Relay(ServerSocket listening, Supplier<Optional<URI>> servers) {
    this.listening = listening;
    this.servers = servers;
    this.accepting = Thread.ofVirtual().name("relay").unstarted(this::accept);
  }

  /** Starts a relay to {@code server} on any free port of loopback. */
  public static Relay to(URI server) {
    return to(() -> Optional.of(server));
  }

  /**
   * Starts a relay as a Service is one: each connection goes to the server that is named when it is
   * made, and stays there; where none is named it is closed.
   */
  public static Relay to(Supplier<Optional<URI>> servers) {
    try {
      Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), servers);
      relay.accepting.start();
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on loopback", e);
    }
  }

  /** Returns where clients find the servers now. */
  public URI url() {
    return URI.create("https://127.0.0.1:" + listening.getLocalPort());
  }

  /** Returns how many bytes the clients were sent so far. */
  public long bytesToClients() {
    return toClients.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        connect(listening.accept());
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        throw new UncheckedIOException("cannot accept a connection", e);
      }
    }
  }

  private void connect(Socket client) {
    open.add(client);
    Socket upstream = new Socket();
    open.add(upstream);
    try {
      URI server = servers.get().orElseThrow(() -> new IOException("no server"));
      upstream.connect(new InetSocketAddress(server.getHost(), server.getPort()));
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException e) {
      end(client); // as it would be without a relay
      end(upstream);
      return;
    }
    Thread.ofVirtual().start(() -> pump(client, upstream, new AtomicLong()));
    Thread.ofVirtual().start(() -> pump(upstream, client, toClients));
  }

  private void pump(Socket from, Socket to, AtomicLong counter) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        counter.addAndGet(read);
      }
    } catch (IOException e) {
      // One end is gone, so the other one ends as well.
    } finally {
      end(from);
      end(to);
    }
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed as far as it can be.
    }
  }

  /** Ends all connections. When this returns the port takes no more of them. */
  @Override
  public void close() {
    try {
      listening.close();
      accepting.join(); // until then the kernel keeps the port open for the one who waits there
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stop to listen", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Set.copyOf(open).forEach(this::end);
  }
}
