package dev.refloat.lab.standing;

import dev.refloat.lab.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes orders for the nodes of a standing lab from other processes of its owner: over a socket in
 * its folder, one order each, "node order", answered with one text.
 */
public final class NodeOrders implements AutoCloseable {

  private static final String DONE = "ok";

  private final Path socket;
  private final ServerSocketChannel server;

  private NodeOrders(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  /** Takes orders for {@code world} from now on. */
  public static NodeOrders take(Path socket, World world) {
    try {
      Files.deleteIfExists(socket); // of a supervisor that was killed
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      NodeOrders orders = new NodeOrders(socket, server);
      Thread.ofPlatform().daemon().name("lab-node-orders").start(() -> orders.serve(world));
      return orders;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + socket, e);
    }
  }

  private void serve(World world) {
    while (true) {
      try (SocketChannel client = server.accept();
          BufferedReader reader = reader(client)) {
        String line = reader.readLine();
        String answer = line == null ? "nothing was said" : answer(world, line);
        client.write(StandardCharsets.UTF_8.encode(answer));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        System.err.println("an order for a node was not heard to its end: " + e.getMessage());
      }
    }
  }

  private static BufferedReader reader(SocketChannel channel) {
    return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }

  private static String answer(World world, String line) {
    String[] words = line.split(" ", 2);
    try {
      NodeOrder.of(words[words.length - 1]).orElseThrow().carryOut(world, words[0]);
      return DONE;
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Returns why the supervisor that listens on {@code socket} could not do it; empty if it did. */
  public static Optional<String> give(Path socket, String node, String order) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        BufferedReader reader = reader(channel)) {
      channel.write(StandardCharsets.UTF_8.encode(node + " " + order + "\n"));
      channel.shutdownOutput();
      String answer = reader.lines().collect(Collectors.joining("\n"));
      return answer.equals(DONE) ? Optional.empty() : Optional.of(answer);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + socket, e);
    }
  }
}
