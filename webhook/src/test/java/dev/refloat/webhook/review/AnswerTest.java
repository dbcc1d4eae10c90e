package dev.refloat.webhook.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.admission.Objection;
import dev.refloat.admission.Ruling;
import dev.refloat.optin.Mistake;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Decision LABEL =
      new Decision.Label(new ClaimStorage.OfClass("data-db-0", "local", "rancher.io/local-path"));
  private static final Decision UNLABEL = new Decision.Unlabel(new Decision.NotOptedIn());
  private static final Decision LEAVE = new Decision.Leave(new Decision.NotOptedIn());

  @Test
  void leaving_a_pod_alone_is_an_answer_without_patch_patch_type_and_warnings() throws Exception {
    assertThat(text(LEAVE, true))
        .isEqualTo(
            """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",\
            "response":{"uid":"1-2","allowed":true}}""");
    assertThat(new String(Answer.admitted("1-2"), UTF_8)).isEqualTo(text(LEAVE, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"metadata":{"name":"db-0"}}                        | {"metadata":{"name":"db-0","labels":{"refloat.dev/local-storage":"true"}}}
          {"metadata":{"labels":null}}                        | {"metadata":{"labels":{"refloat.dev/local-storage":"true"}}}
          {"metadata":{"labels":{}}}                          | {"metadata":{"labels":{"refloat.dev/local-storage":"true"}}}
          {"metadata":{"labels":{"app":"db"}}}                | {"metadata":{"labels":{"app":"db","refloat.dev/local-storage":"true"}}}
          {"metadata":{"labels":{"refloat.dev/local-storage":"no"}}} | {"metadata":{"labels":{"refloat.dev/local-storage":"true"}}}
          """)
  void labels_whatever_labels_there_are(String pod, String labelled) throws Exception {
    JsonNode before = JSON.readTree(pod);
    boolean hasLabels = before.at("/metadata/labels").isObject();

    assertThat(JsonPatch.apply(patch(LABEL, hasLabels), before)).isEqualTo(JSON.readTree(labelled));
  }

  @Test
  void takes_off_the_label_and_nothing_else() throws Exception {
    JsonNode before =
        JSON.readTree(
            """
            {"metadata":{"labels":{"app":"db","refloat.dev/local-storage":"true"}}}""");

    assertThat(JsonPatch.apply(patch(UNLABEL, true), before))
        .isEqualTo(
            JSON.readTree(
                """
            {"metadata":{"labels":{"app":"db"}}}"""));
  }

  @Test
  void says_the_type_of_a_patch_where_there_is_one() throws Exception {
    assertThat(response(LABEL, true).get("patchType").asText()).isEqualTo("JSONPatch");
    assertThat(response(LABEL, true).get("uid").asText()).isEqualTo("1-2");
    assertThat(response(LABEL, true).get("allowed").asBoolean()).isTrue();
    assertThat(response(UNLABEL, true).has("patchType")).isTrue();
    assertThat(response(LEAVE, true).has("patchType")).isFalse();
    assertThat(response(LEAVE, true).has("patch")).isFalse();
  }

  @Test
  void warnings_hold_no_control_characters_and_are_cut_only_where_there_are_too_many()
      throws Exception {
    Decision malformed =
        new Decision.Leave(
            new Decision.Malformed(
                List.of(
                    new Mistake("refloat.dev/after", "so\non\u0085", "a duration"),
                    new Mistake("refloat.dev/data", "x".repeat(1000), "keep or discard"))));
    Decision tooMuch =
        new Decision.Leave(
            new Decision.Malformed(
                Collections.nCopies(
                    40, new Mistake("refloat.dev/data", "x".repeat(1000), "keep or discard"))));

    JsonNode warnings = response(malformed, true).get("warnings");

    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0).asText())
        .startsWith("refloat.dev/after is \"so?on?\"; expected a duration");
    assertThat(warnings.get(1).asText()).endsWith("until its StatefulSet's template is mended");
    assertThat(response(tooMuch, true).get("warnings"))
        .hasSize(16)
        .allSatisfy(warning -> assertThat(warning.asText()).hasSize(250).endsWith("..."));
  }

  @Test
  void an_opt_in_is_refused_with_a_cause_for_each_field() throws Exception {
    List<Objection> objections =
        List.of(
            new Objection("a.b[refloat.dev/after]", Objection.Kind.INVALID, "\"x\": expected y"),
            new Objection("c.d", Objection.Kind.FORBIDDEN, "move it"));

    assertThat(response(new Ruling.Refuse(new Ruling.MalformedOptIn("db", objections))))
        .isEqualTo(
            JSON.readTree(
                """
                {"uid":"1-2","allowed":false,"status":{"status":"Failure","reason":"Forbidden","code":403,
                 "message":"the opt-in of StatefulSet db makes no sense: \\n* a.b[refloat.dev/after]: Invalid value: \\"x\\": expected y\\n* c.d: Forbidden: move it",
                 "details":{"name":"db","group":"apps","kind":"StatefulSet","causes":[
                  {"reason":"FieldValueInvalid","message":"Invalid value: \\"x\\": expected y","field":"a.b[refloat.dev/after]"},
                  {"reason":"FieldValueForbidden","message":"Forbidden: move it","field":"c.d"}]}}}"""));
    assertThat(
            response(new Ruling.Refuse(new Ruling.MalformedOptIn("db", objections.subList(1, 2))))
                .at("/status/message")
                .asText())
        .isEqualTo("the opt-in of StatefulSet db makes no sense: c.d: Forbidden: move it");
  }

  /** Who gets 422 Invalid or 409 Conflict for an update deletes the set to make it anew. */
  @Test
  void no_refusal_is_one_that_makes_operators_delete_what_they_update() throws Exception {
    for (Ruling.Wrong why :
        List.of(
            new Ruling.MalformedOptIn("db", List.of()),
            new Ruling.LabelOnForeignPod("none"),
            new Ruling.LabelByHand(Optional.empty(), Optional.of("true")))) {
      JsonNode status = response(new Ruling.Refuse(why)).get("status");

      assertThat(status.get("code").asInt()).isEqualTo(403);
      assertThat(status.get("reason").asText()).isEqualTo("Forbidden");
    }
  }

  @Test
  void a_label_is_refused_with_words_and_without_details() throws Exception {
    assertThat(response(new Ruling.Refuse(new Ruling.LabelOnForeignPod("apps/v1 ReplicaSet web"))))
        .isEqualTo(
            JSON.readTree(
                """
                {"uid":"1-2","allowed":false,"status":{"status":"Failure","reason":"Forbidden","code":403,
                 "message":"label refloat.dev/local-storage is for pods of StatefulSets only, and Refloat sets it itself (this pod's controller: apps/v1 ReplicaSet web); remove it from the pod or from the template that it is made from"}}"""));
    assertThat(
            response(
                    new Ruling.Refuse(
                        new Ruling.LabelByHand(Optional.of("true"), Optional.empty())))
                .at("/status/message")
                .asText())
        .startsWith(
            "label refloat.dev/local-storage is kept by Refloat alone: it is \"true\" and may not become absent; to keep Refloat away annotate the StatefulSet with refloat.dev/paused=true");
  }

  @Test
  void what_is_admitted_says_nothing_but_its_warnings() throws Exception {
    assertThat(response(new Ruling.Admit(new Ruling.OptedIn(), List.of())))
        .isEqualTo(JSON.readTree("{\"uid\":\"1-2\",\"allowed\":true}"));
    assertThat(response(new Ruling.Admit(new Ruling.OptedIn(), List.of("careful"))))
        .isEqualTo(JSON.readTree("{\"uid\":\"1-2\",\"allowed\":true,\"warnings\":[\"careful\"]}"));
  }

  private static JsonNode response(Ruling ruling) throws IOException {
    return JSON.readTree(Answer.of("1-2", ruling)).get("response");
  }

  private static JsonNode patch(Decision decision, boolean hasLabels) throws IOException {
    return JSON.readTree(
        Base64.getDecoder().decode(response(decision, hasLabels).get("patch").asText()));
  }

  private static JsonNode response(Decision decision, boolean hasLabels) throws IOException {
    return JSON.readTree(text(decision, hasLabels)).get("response");
  }

  private static String text(Decision decision, boolean hasLabels) {
    return new String(Answer.of("1-2", decision, hasLabels), UTF_8);
  }
}
