package dev.refloat.lab.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.ConsumerContext;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.PublishOptions;
import io.nats.client.StreamContext;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PeerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stream, as one connection sees it: messages, each of which is a number, in three replicas,
 * each in files of one server.
 */
final class Orders implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STREAM = "ORDERS";
  private static final String SUBJECT = "orders.new";
  private static final String HAND_OVER = "$JS.API.STREAM.LEADER.STEPDOWN." + STREAM;

  /** Longer than any test: a message whose acknowledgement got lost is not stored again. */
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  /** What was handed to a reader that has not said so by then is handed to it again. */
  private static final Duration HANDED_AGAIN_AFTER = Duration.ofSeconds(2);

  /** A writer wants to know soon that it has to try again; all others can wait. */
  private static final JetStreamOptions IMPATIENT =
      JetStreamOptions.builder().requestTimeout(NatsCluster.ANSWER_WITHIN).build();

  private static final JetStreamOptions PATIENT =
      JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(15)).build();

  private static final int NO_SUCH_MESSAGE = 10037;

  private final Connection connection;
  private final JetStream jetStream;
  private final StreamContext stream;

  private Orders(Connection connection) throws IOException, JetStreamApiException {
    this.connection = connection;
    this.jetStream = connection.jetStream(IMPATIENT);
    this.stream = connection.getStreamContext(STREAM, PATIENT);
  }

  /** Makes the stream; returns it over the connection that has made it. */
  static Orders make(NatsCluster cluster) throws InterruptedException {
    Connection connection = cluster.connect();
    try {
      var _ =
          connection
              .jetStreamManagement(PATIENT)
              .addStream(
                  StreamConfiguration.builder()
                      .name(STREAM)
                      .subjects(SUBJECT)
                      .storageType(StorageType.File)
                      .replicas(NatsServers.COUNT)
                      .duplicateWindow(REMEMBERED)
                      .build());
    } catch (IOException | JetStreamApiException e) {
      connection.close();
      throw new IllegalStateException("the stream cannot be made", e);
    }
    return over(connection);
  }

  /** Returns the stream, which is there, over a connection of its own. */
  static Orders of(NatsCluster cluster) throws InterruptedException {
    return over(cluster.connect());
  }

  private static Orders over(Connection connection) throws InterruptedException {
    try {
      return new Orders(connection);
    } catch (IOException | JetStreamApiException e) {
      connection.close();
      throw new IllegalStateException("the stream is not there", e);
    }
  }

  /**
   * Returns whether the database has acknowledged the message. If not, nobody knows whether it is
   * stored; it may be sent again and again, and is stored once, because it bears its number as id.
   */
  boolean add(long number) {
    String text = Long.toString(number);
    try {
      var _ =
          jetStream.publish(
              SUBJECT,
              text.getBytes(StandardCharsets.US_ASCII),
              PublishOptions.builder().messageId(text).build());
      return true;
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return false; // no server, no leader, no answer, or the connection is being made anew
    }
  }

  /**
   * Returns a consumer that is durable: what was handed to it is known in three replicas as well.
   */
  ConsumerContext consumer(String name) {
    try {
      return stream.createOrUpdateConsumer(
          ConsumerConfiguration.builder()
              .durable(name)
              .ackPolicy(AckPolicy.Explicit)
              .ackWait(HANDED_AGAIN_AFTER)
              .build());
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException("no consumer of the stream can be made", e);
    }
  }

  static long number(Message message) {
    return number(message.getData());
  }

  private static long number(byte[] data) {
    return Long.parseLong(new String(data, StandardCharsets.US_ASCII));
  }

  /** Returns the server that leads the stream, if any does. */
  Optional<String> leader() {
    return cluster().map(ClusterInfo::getLeader);
  }

  /** Returns the servers that have all that the leader has, itself among them, in order. */
  List<String> current() {
    List<String> current = new ArrayList<>();
    cluster()
        .ifPresent(
            cluster -> {
              current.add(cluster.getLeader());
              cluster.getReplicas().stream()
                  .filter(replica -> replica.isCurrent() && !replica.isOffline())
                  .map(PeerInfo::getName)
                  .forEach(current::add);
            });
    return current.stream().sorted().toList();
  }

  private Optional<ClusterInfo> cluster() {
    try {
      return Optional.ofNullable(stream.getStreamInfo().getClusterInfo())
          .filter(cluster -> cluster.getLeader() != null);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return Optional.empty(); // nobody leads at the moment, or no server answers
    }
  }

  /**
   * Asks the leader to hand over to another server; returns what it answers, which may be that it
   * cannot. The client library has no method for it.
   *
   * @see <a
   *     href="https://github.com/nats-io/nats-server/blob/v2.15.3/server/jetstream_api.go">getStepDownPreferredPlacement
   *     in nats-server</a>
   */
  String askToLead(String server) {
    byte[] request = json(Map.of("placement", Map.of("preferred", server)));
    try {
      Message answer = connection.request(HAND_OVER, request, NatsCluster.ANSWER_WITHIN);
      return answer == null ? "no answer" : new String(answer.getData(), StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(value + " cannot be written as JSON", e);
    }
  }

  /**
   * Returns the numbers of all messages, as the leader reads them from its own files.
   *
   * @see <a
   *     href="https://github.com/nats-io/nats-server/blob/v2.15.3/server/jetstream_api.go">jsMsgGetRequest
   *     in nats-server</a>: only the leader answers, from its store
   */
  List<Long> stored() {
    try {
      StreamState state = stream.getStreamInfo().getStreamState();
      List<Long> stored = new ArrayList<>();
      for (long at = state.getFirstSequence(); at <= state.getLastSequence(); at++) {
        message(at).map(Orders::number).ifPresent(stored::add);
      }
      return stored;
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException("the stream cannot be read", e);
    }
  }

  private Optional<byte[]> message(long sequence) throws IOException, JetStreamApiException {
    try {
      return Optional.of(stream.getMessage(sequence).getData());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_SUCH_MESSAGE) {
        return Optional.empty(); // whoever was promised it misses it by itself
      }
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
