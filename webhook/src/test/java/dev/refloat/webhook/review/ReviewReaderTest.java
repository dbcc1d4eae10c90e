package dev.refloat.webhook.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.admission.Marks;
import dev.refloat.admission.PodFacts;
import dev.refloat.admission.SetFacts;
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
            new Reading.Asked(
                "705ab4f5-6393-11e8-b7cc-42010a800002",
                "system:serviceaccount:kube-system:statefulset-controller",
                false,
                new Question.PodCreated(
                    new PodFacts(
                        "shop",
                        "db-0",
                        Map.of(),
                        Map.of("refloat.dev/recover", "true", "refloat.dev/after", "30s"),
                        Optional.of(new PodFacts.Controller("apps/v1", "StatefulSet", "db")),
                        List.of("data-db-0", "logs-db-0")),
                    true)));
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
    assertThat(asked(Reviews.POD_CREATED.replace("\"dryRun\": false", "\"dryRun\": true")).dryRun())
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
          "operation": "CREATE"         | "operation": "DELETE"
          "operation": "CREATE"         | "operation": "CONNECT"
          "operation": "CREATE"         | "operation": "CREATE", "subResource": "binding"
          "resource": "pods"            | "resource": "deployments"
          "operation": "CREATE"         | "operation": "UPDATE", "subResource": "resize"
          "group": "", "version": "v1", "resource" | "group": "metrics.k8s.io", "version": "v1", "resource"
          "resource": {"group": "", "version": "v1", "resource": "pods"} | "resource": {"group": "apps", "resource": "statefulsets"}, "subResource": "scale"
          "group": "", "version": "v1", "resource": "pods" | "group": "apps.kruise.io", "version": "v1", "resource": "statefulsets"
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

  @ParameterizedTest
  @CsvSource({
    "pods, '', CREATE, the request creates a pod and has no object with metadata",
    "pods, '', UPDATE, the request changes a pod and lacks object or oldObject",
    "statefulsets, apps, CREATE, the request creates a StatefulSet and has no object with metadata",
    "statefulsets, apps, UPDATE, the request changes a StatefulSet and lacks object or oldObject"
  })
  void an_object_that_is_not_there_is_told(
      String resource, String group, String operation, String why) {
    assertThat(
            read(
                """
                {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1",
                 "operation":"%s","resource":{"group":"%s","version":"v1","resource":"%s"},
                 "object":null,"oldObject":null}}"""
                    .formatted(operation, group, resource)))
        .isEqualTo(new Reading.Unreadable(why));
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
  void keeps_of_what_is_too_much_to_be_true_enough_to_see_what_is_wrong() {
    PodFacts pod =
        created(
                review(
                    "{\"metadata\":{\"annotations\":{\"refloat.dev/data\":\""
                        + "x".repeat(100_000)
                        + "\","
                        + many("\"refloat.dev/%d\":\"\"", 100)
                        + "}},\"spec\":{\"volumes\":["
                        + many("{\"persistentVolumeClaim\":{\"claimName\":\"%d\"}}", 257)
                        + "]}}"))
            .pod();

    assertThat(pod.annotations()).hasSize(50).containsKey("refloat.dev/data");
    assertThat(pod.annotations().get("refloat.dev/data")).hasSize(1003).endsWith("x...");
    assertThat(pod.claims()).hasSize(256);
  }

  @Test
  void does_not_read_what_no_api_server_sends() {
    // Annotations have at most 256 KiB together.
    assertThat(
            read(
                metadata("\"annotations\":{\"refloat.dev/data\":\"" + "x".repeat(300_000) + "\"}")))
        .isInstanceOf(Reading.Unreadable.class);
    assertThat(read(review("{\"deep\":" + "[".repeat(300) + "]".repeat(300) + "}")))
        .isInstanceOf(Reading.Unreadable.class);
  }

  @Test
  void of_a_key_that_is_there_twice_the_last_one_counts() {
    assertThat(
            created(
                    review(
                        """
                        {"metadata":{"annotations":{"refloat.dev/data":"keep"}},
                         "metadata":{"annotations":{"refloat.dev/data":"wipe",
                                                    "refloat.dev/data":"discard"}}}"""))
                .pod()
                .annotations())
        .isEqualTo(Map.of("refloat.dev/data", "discard"));
  }

  @Test
  void reads_what_matters_of_a_statefulset_and_what_it_was() {
    assertThat(asked(Reviews.SET_CHANGED))
        .isEqualTo(
            new Reading.Asked(
                "9",
                "jane",
                true,
                new Question.SetWritten(
                    "shop",
                    Optional.of(
                        new SetFacts("db", 1, Marks.NONE, Marks.NONE, List.of(), List.of())),
                    new SetFacts(
                        "db",
                        3,
                        Marks.of(
                            Map.of("refloat.dev/x", "y"), Map.of("refloat.dev/paused", "true")),
                        Marks.of(Map.of(), Map.of("refloat.dev/recover", "true")),
                        List.of("shared"),
                        List.of(
                            new SetFacts.ClaimTemplate("data", Marks.NONE, Optional.of("fast")),
                            new SetFacts.ClaimTemplate(
                                "logs",
                                Marks.of(Map.of(), Map.of("refloat.dev/attempt", "1")),
                                Optional.of("old")),
                            new SetFacts.ClaimTemplate("tmp", Marks.NONE, Optional.empty()),
                            new SetFacts.ClaimTemplate("any", Marks.NONE, Optional.empty()))))));
  }

  @Test
  void a_statefulset_that_is_created_was_nothing_before() {
    String created =
        Reviews.SET_CHANGED
            .replace("\"operation\": \"UPDATE\"", "\"operation\": \"CREATE\"")
            .replaceAll("\"oldObject\": .*\\}\\},", "\"oldObject\": null,");

    assertThat(written(created).before()).isEmpty();
    assertThat(written(created).now().name()).isEqualTo("db");
  }

  @Test
  void of_a_pod_that_changes_both_states_are_read() {
    assertThat(asked(Reviews.POD_CHANGED).question())
        .isInstanceOfSatisfying(
            Question.PodChanged.class,
            changed -> {
              assertThat(changed.before().label()).isEmpty();
              assertThat(changed.now().label()).contains("true");
              assertThat(changed.now().namespace()).isEqualTo("shop");
            });
    assertThat(
            asked(
                    Reviews.POD_CHANGED.replace(
                        "\"operation\"", "\"subResource\": \"status\", \"operation\""))
                .question())
        .isInstanceOf(Question.PodChanged.class);
  }

  @Test
  void reads_7_mib_and_no_more_than_a_bit_of_it() {
    String most = metadata("\"annotations\":{\"a\":\"" + "x".repeat(7 * MEGABYTE) + "\"}");
    String more = metadata("\"annotations\":{\"a\":\"" + "x".repeat(8 * MEGABYTE) + "\"}");

    assertThat(read(most)).isInstanceOf(Reading.Asked.class);
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

  private Reading.Asked asked(String body) {
    return switch (read(body)) {
      case Reading.Asked asked -> asked;
      case Reading other -> throw new AssertionError(other.toString());
    };
  }

  private Question.PodCreated created(String body) {
    return switch (asked(body).question()) {
      case Question.PodCreated created -> created;
      case Question other -> throw new AssertionError(other.toString());
    };
  }

  private Question.SetWritten written(String body) {
    return switch (asked(body).question()) {
      case Question.SetWritten written -> written;
      case Question other -> throw new AssertionError(other.toString());
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
