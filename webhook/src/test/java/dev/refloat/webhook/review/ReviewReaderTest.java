package dev.refloat.webhook.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.admission.PodFacts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReviewReaderTest {

  private static final int MEGABYTE = 1024 * 1024;

  private final ReviewReader reader = new ReviewReader();

  @Test
  void reads_what_matters_of_a_review_as_the_api_server_sends_it() {
    assertThat(read(Reviews.POD_CREATED))
        .isEqualTo(
            new Reading.PodCreated(
                "705ab4f5-6393-11e8-b7cc-42010a800002",
                new PodFacts(
                    "shop",
                    "db-0",
                    Map.of(),
                    Map.of("refloat.dev/recover", "true", "refloat.dev/after", "30s"),
                    Optional.of(new PodFacts.Controller("apps/v1", "StatefulSet", "db")),
                    List.of("data-db-0", "logs-db-0")),
                true,
                false));
  }

  @Test
  void keeps_our_labels_and_knows_whether_there_are_any_labels() {
    assertThat(
            created(metadata("\"labels\":{\"app\":\"db\",\"refloat.dev/local-storage\":\"true\"}")))
        .satisfies(
            created -> {
              assertThat(created.hasLabels()).isTrue();
              assertThat(created.pod().labels())
                  .isEqualTo(Map.of("refloat.dev/local-storage", "true"));
            });
    assertThat(created(metadata("\"labels\":{}")).hasLabels()).isTrue();
    assertThat(created(metadata("\"labels\":null")).hasLabels()).isFalse();
    assertThat(created(metadata("\"annotations\":null")).hasLabels()).isFalse();
  }

  @Test
  void takes_the_owner_that_is_the_controller_and_no_other() {
    String owners =
        """
        "ownerReferences":[
          {"apiVersion":"v1","kind":"ConfigMap","name":"a","uid":"1"},
          {"apiVersion":"apps/v1","kind":"StatefulSet","name":"b","uid":"2","controller":%s},
          {"apiVersion":"apps/v1","kind":"ReplicaSet","name":"c","uid":"3","controller":false}]""";

    assertThat(created(metadata(owners.formatted(true))).pod().controller())
        .contains(new PodFacts.Controller("apps/v1", "StatefulSet", "b"));
    assertThat(created(metadata(owners.formatted(false))).pod().controller()).isEmpty();
    assertThat(created(metadata("\"ownerReferences\":[]")).pod().controller()).isEmpty();
    assertThat(created(metadata("\"ownerReferences\":null")).pod().controller()).isEmpty();
  }

  @Test
  void takes_each_claim_once_and_none_of_generic_ephemeral_volumes() {
    String spec =
        """
        "spec":{"volumes":[
          {"name":"a","persistentVolumeClaim":{"claimName":"one","readOnly":true}},
          {"name":"b","ephemeral":{"volumeClaimTemplate":{"spec":{"storageClassName":"fast"}}}},
          {"name":"c","configMap":{"name":"x","items":[{"key":"k","path":"p"}]}},
          {"name":"d","persistentVolumeClaim":{"claimName":"one"}},
          {"name":"e","persistentVolumeClaim":null},
          {"name":"f","emptyDir":{}}]}""";

    assertThat(created(review("{\"metadata\":{}," + spec + "}")).pod().claims())
        .containsExactly("one");
    assertThat(created(review("{\"metadata\":{},\"spec\":{\"volumes\":null}}")).pod().claims())
        .isEmpty();
    assertThat(created(review("{\"metadata\":{}}")).pod().claims()).isEmpty();
  }

  @Test
  void knows_a_dry_run() {
    assertThat(
            created(Reviews.POD_CREATED.replace("\"dryRun\": false", "\"dryRun\": true")).dryRun())
        .isTrue();
  }

  @Test
  void takes_the_generated_part_of_a_name_where_there_is_no_name_yet() {
    assertThat(created(metadata("\"generateName\":\"db-\"")).pod().name()).isEqualTo("db-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                     | no AdmissionReview: No content
          null                                                   | the body is empty
          hello                                                  | no AdmissionReview: Unrecognized token 'hello'
          {"kind":"AdmissionReview"                              | no AdmissionReview: Unexpected end-of-input
          []                                                     | no AdmissionReview
          "text"                                                 | no AdmissionReview
          {}                                                     | expected an AdmissionReview of admission.k8s.io/v1, got none of none
          {"kind":"Pod","apiVersion":"v1"}                       | got "Pod" of "v1"
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"1"}} | got "AdmissionReview" of "admission.k8s.io/v1beta1"
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"} | has no request
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{}} | has no uid
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":[]} | no AdmissionReview
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":{}}} | no AdmissionReview
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1","operation":"CREATE","resource":{"group":"","resource":"pods"}}} | no object with metadata
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1"}} {} | no AdmissionReview: Trailing token
          """)
  void says_what_cannot_be_read(String body, String why) {
    assertThat(read(body))
        .isInstanceOfSatisfying(
            Reading.Unreadable.class, unreadable -> assertThat(unreadable.why()).contains(why));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "labels":["refloat.dev/recover"]
          "labels":{"refloat.dev/local-storage":true}
          "annotations":{"refloat.dev/recover":{"a":1}}
          "annotations":"refloat.dev/recover"
          "ownerReferences":{"controller":true}
          "ownerReferences":[1,2]
          """)
  void a_pod_that_is_none_cannot_be_read(String metadata) {
    assertThat(read(metadata(metadata))).isInstanceOf(Reading.Unreadable.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "operation": "CREATE"         | "operation": "UPDATE"
          "operation": "CREATE"         | "operation": "DELETE"
          "operation": "CREATE"         | "operation": "CONNECT"
          "operation": "CREATE"         | "operation": "CREATE", "subResource": "binding"
          "resource": "pods"            | "resource": "deployments"
          "group": "", "version": "v1", "resource" | "group": "metrics.k8s.io", "version": "v1", "resource"
          """)
  void a_review_of_something_else_is_understood_as_that(String instead, String of) {
    assertThat(Reviews.POD_CREATED).contains(instead);
    assertThat(read(Reviews.POD_CREATED.replace(instead, of)))
        .isInstanceOfSatisfying(
            Reading.SomethingElse.class,
            else_ -> assertThat(else_.uid()).isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002"));
  }

  @Test
  void a_deletion_that_has_an_old_object_only_is_something_else() {
    assertThat(
            read(
                """
                {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1",
                 "operation":"DELETE","resource":{"group":"","version":"v1","resource":"pods"},
                 "object":null,"oldObject":{"metadata":{"name":"db-0"}}}}"""))
        .isEqualTo(new Reading.SomethingElse("1", "DELETE", "pods"));
  }

  @Test
  void skips_what_is_large_and_does_not_matter() {
    String large = "x".repeat(5 * MEGABYTE);

    assertThat(
            created(
                    metadata(
                        "\"annotations\":{\"large\":\""
                            + large
                            + "\",\"refloat.dev/data\":\"keep\"}"))
                .pod()
                .annotations())
        .isEqualTo(Map.of("refloat.dev/data", "keep"));
    assertThat(
            created(review("{\"metadata\":{\"name\":\"a\"},\"large\":\"" + large + "\"}"))
                .pod()
                .name())
        .isEqualTo("a");
  }

  @Test
  void does_not_keep_what_is_too_much_to_be_true() {
    assertThat(
            read(metadata("\"annotations\":{\"refloat.dev/data\":\"" + "x".repeat(9000) + "\"}")))
        .isInstanceOf(Reading.Unreadable.class);
    assertThat(read(metadata("\"annotations\":{" + many("\"refloat.dev/%d\":\"\"", 51) + "}")))
        .isInstanceOf(Reading.Unreadable.class);
    assertThat(
            read(
                review(
                    "{\"metadata\":{},\"spec\":{\"volumes\":["
                        + many("{\"persistentVolumeClaim\":{\"claimName\":\"%d\"}}", 257)
                        + "]}}")))
        .isInstanceOf(Reading.Unreadable.class);
    assertThat(read(review("{\"deep\":" + "[".repeat(300) + "]".repeat(300) + "}")))
        .isInstanceOf(Reading.Unreadable.class);
  }

  @Test
  void reads_7_mib_and_no_more_than_a_bit_of_it() {
    String most = metadata("\"annotations\":{\"a\":\"" + "x".repeat(7 * MEGABYTE) + "\"}");
    String more = metadata("\"annotations\":{\"a\":\"" + "x".repeat(8 * MEGABYTE) + "\"}");

    assertThat(read(most)).isInstanceOf(Reading.PodCreated.class);
    assertThat(read(more)).isInstanceOf(Reading.TooLarge.class);
  }

  @Test
  void a_connection_that_breaks_is_no_mistake_of_the_sender() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
          }
        };

    assertThat(reader.read(broken)).isEqualTo(new Reading.Interrupted("connection reset"));
  }

  @Test
  void says_nothing_of_what_it_could_not_read() {
    String secret = "hunter2";

    assertThat(
            read("{\"kind\": \"" + secret + "\", \"apiVersion\": [\"" + secret + "\"]}").toString())
        .doesNotContain(secret);
  }

  private Reading read(String body) {
    return reader.read(new ByteArrayInputStream(body.getBytes(UTF_8)));
  }

  private Reading.PodCreated created(String body) {
    return switch (read(body)) {
      case Reading.PodCreated created -> created;
      case Reading other -> throw new AssertionError(other.toString());
    };
  }

  private static String metadata(String fields) {
    return review("{\"metadata\":{" + fields + "}}");
  }

  private static String review(String object) {
    return """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1",
         "operation":"CREATE","namespace":"shop","unknown":{"a":[1,{}]},
         "resource":{"group":"","version":"v1","resource":"pods"},"object":"""
        + object
        + "}}";
  }

  private static String many(String pattern, int count) {
    return IntStream.range(0, count).mapToObj(pattern::formatted).collect(Collectors.joining(","));
  }
}
