package dev.refloat.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void a_missing_right_is_told_in_the_servers_words_and_with_what_to_do() {
    KubernetesClientException forbidden =
        new KubernetesClientException(
            "long-winded",
            403,
            new StatusBuilder()
                .withMessage("persistentvolumeclaims \"data-db-0\" is forbidden")
                .build());

    assertThat(Failures.words(forbidden))
        .isEqualTo(
            "403 persistentvolumeclaims \"data-db-0\" is forbidden (grant it, see each rbac.yaml in manifests)");
  }

  @Test
  void an_API_server_that_does_not_answer_is_told_as_such() {
    assertThat(
            Failures.words(
                new KubernetesClientException("x", new ConnectException("Connection refused"))))
        .isEqualTo("the API server does not answer: Connection refused");
  }

  @Test
  void a_refused_connection_is_called_so_although_the_JDK_says_nothing() {
    ConnectException silent = new ConnectException();
    silent.initCause(new ClosedChannelException());

    assertThat(Failures.words(new CompletionException(new IOException(silent))))
        .isEqualTo("the API server does not answer: connection refused");
  }
}
