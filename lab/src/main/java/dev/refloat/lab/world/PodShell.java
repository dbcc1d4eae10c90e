package dev.refloat.lab.world;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs commands in the first container of a pod, as {@code kubectl exec} does; on real nodes only.
 *
 * @param patience how long a command may take
 */
public record PodShell(KubernetesClient client, String namespace, String pod, Duration patience) {

  private static final Duration USUAL = Duration.ofSeconds(30);

  /** Returns the shell of a pod. */
  public static PodShell of(KubernetesClient client, String namespace, String pod) {
    return new PodShell(client, namespace, pod, USUAL);
  }

  /**
   * How a command has ended.
   *
   * @param said what it wrote, errors included, without blanks around it
   */
  public record Outcome(int status, String said) {}

  /**
   * Returns how {@code command} has ended, once it has.
   *
   * @throws CommandFailed if nobody can tell
   */
  public Outcome tries(String... command) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (ExecWatch watch =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .writingOutput(said)
            .writingError(said)
            .exec(command)) {
      int status = watch.exitCode().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return new Outcome(status, said.toString(StandardCharsets.UTF_8).strip());
    } catch (TimeoutException e) {
      throw failed(command, "it has not ended after " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw failed(command, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(command, "interrupted", e);
    }
  }

  /**
   * Returns what {@code command} says, once it has ended well.
   *
   * @throws CommandFailed if it does not end with 0; the message has what it said
   */
  public String says(String... command) {
    Outcome outcome = tries(command);
    if (outcome.status() != 0) {
      throw new CommandFailed(
          "%s in pod %s/%s ended with %d: %s"
              .formatted(
                  String.join(" ", command), namespace, pod, outcome.status(), outcome.said()),
          null);
    }
    return outcome.said();
  }

  private CommandFailed failed(String[] command, String why, Exception cause) {
    return new CommandFailed(
        "%s in pod %s/%s: %s".formatted(String.join(" ", command), namespace, pod, why), cause);
  }
}
