package dev.refloat.lab.faults;

import dev.refloat.lab.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between one process and the API server, and does to its requests what a test says; passes
 * on unchanged what nobody said anything about, the caller's token included.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.before(kubeconfig, folder)) {
 *   proxy.once(Requests.delete("persistentvolumeclaims"), Fault.status(500));
 *   start(proxy.kubeconfig()) ...
 *   assertThat(proxy.recording().of(Requests.delete("pods")).count()).isOne();
 * }
 * }</pre>
 */
public final class FaultProxy implements AutoCloseable {

  private static final int MOST_CONNECTIONS = 512;

  private final Path folder;
  private final ServerSocket listener;
  private final ApiServer apiServer;
  private final Rules rules = new Rules();
  private final Tape tape = new Tape(InstantSource.system());
  private final Watches watches = new Watches();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final List<RuntimeException> mistakes = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private FaultProxy(Path folder, ServerSocket listener, ApiServer apiServer) {
    this.folder = folder;
    this.listener = listener;
    this.apiServer = apiServer;
  }

  /**
   * Starts a proxy before the API server of {@code kubeconfig}, whose user must sign in by a token:
   * a client's certificate does not get through.
   */
  public static FaultProxy before(Path kubeconfig) {
    InstantSource clock = InstantSource.system();
    try {
      Identity identity = Identity.create(clock.instant());
      ServerSocket listener = identity.listen();
      ApiServer apiServer = ApiServer.of(kubeconfig);
      FaultProxy proxy =
          new FaultProxy(PrivateFiles.temporaryFolder("refloat-proxy"), listener, apiServer);
      URI url = URI.create("https://127.0.0.1:" + listener.getLocalPort());
      PrivateFiles.write(proxy.kubeconfig(), apiServer.kubeconfigFor(url, identity.authorityPem()));
      proxy.threads.execute(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a proxy before " + kubeconfig, e);
    }
  }

  /** Returns the kubeconfig of a process that is to go through here. */
  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  // What shall happen

  /** Does this to the next of these requests, and to no other. */
  public Rule once(Requests requests, Fault fault) {
    return nth(1, requests, fault);
  }

  /** Does this to one of these requests, counted from now on, beginning with 1. */
  public Rule nth(long number, Requests requests, Fault fault) {
    return rules.add(new Rule(requests, fault, number, number));
  }

  /** Does this to all of these requests, until the rule is lifted. */
  public Rule always(Requests requests, Fault fault) {
    return rules.add(new Rule(requests, fault, 1, Long.MAX_VALUE));
  }

  /**
   * Holds back every byte of these watches, while their connections stay open. Watches that are
   * opened later are not concerned.
   *
   * @return how many there are
   */
  public int block(Requests requests) {
    List<OpenWatch> blocked = watches.of(requests);
    blocked.forEach(OpenWatch::block);
    return blocked.size();
  }

  /** Sends on its way what {@link #block} has held back. */
  public void release(Requests requests) {
    watches.of(requests).forEach(OpenWatch::release);
  }

  /**
   * Ends these watches as an API server does that has forgotten the versions in between: by an
   * event that is a Status with code 410.
   *
   * @return how many there were
   */
  public int expire(Requests requests) {
    List<OpenWatch> expired = watches.of(requests);
    for (OpenWatch watch : expired) {
      try {
        watch.expire();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot end " + watch.request(), e);
      }
    }
    return expired.size();
  }

  /** Returns how many of these watches are under way. */
  public int open(Requests requests) {
    return watches.of(requests).size();
  }

  // What has happened

  /** Returns what has gone through so far. */
  public Recording recording() {
    return tape.recording();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        if (connections.size() >= MOST_CONNECTIONS) {
          mistakes.add(new IllegalStateException("more than " + MOST_CONNECTIONS + " connections"));
          socket.close();
        } else {
          socket.setTcpNoDelay(true);
          Connection connection =
              new Connection(new Wire(socket), apiServer, rules, tape, watches, threads);
          connections.add(connection);
          threads.execute(() -> serve(connection));
        }
      } catch (IOException e) {
        // Closed, or somebody hung up before being heard.
      }
    }
  }

  private void serve(Connection connection) {
    try (connection) {
      connection.serve();
    } catch (IOException e) {
      // A side has hung up; the other one is told by the same.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      mistakes.add(e);
    } finally {
      connections.remove(connection);
    }
  }

  /**
   * Cuts all connections.
   *
   * @throws IllegalStateException if the proxy itself has failed, so that what a test saw proves
   *     nothing
   */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the proxy", e);
    }
    connections.forEach(Connection::close);
    threads.shutdownNow();
    threads.close();
    PrivateFiles.remove(folder);
    if (!mistakes.isEmpty()) {
      IllegalStateException all = new IllegalStateException("the proxy has failed");
      mistakes.forEach(all::addSuppressed);
      throw all;
    }
  }
}
