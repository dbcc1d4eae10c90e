package dev.refloat.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.admission.SetAdmission.Screening;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetAdmissionTest {

  private static final String TEMPLATE = "spec.template.metadata.annotations";

  private static final ClassStorage FAST =
      new ClassStorage.Found("fast", "rancher.io/local-path", false);
  private static final ClassStorage KEPT =
      new ClassStorage.Found("fast", "rancher.io/local-path", true);
  private static final ClassStorage NETWORK =
      new ClassStorage.Found("fast", "ebs.csi.aws.com", false);

  private final SetAdmission admission =
      new SetAdmission(new WatchedNamespaces.All(), new LocalStorage(Set.of(), Set.of()));

  // Refused

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          recover   | node-dead                | spec.template.metadata.annotations[refloat.dev/recover]: Invalid value: "node-dead": expected true, false, or a comma list of node-gone, node-not-ready, node-cordoned, node-tainted; "node-dead" is none
          recover   | ''                       | spec.template.metadata.annotations[refloat.dev/recover]: Invalid value: "": expected true, false, or a comma list
          recover   | node-gone,node-gone      | Invalid value: "node-gone,node-gone": expected each state once; node-gone is there twice
          recover   | node-gone, node-tainted  | " node-tainted" is none
          recover   | True                     | Invalid value: "True": expected true, false
          data      | wipe                     | spec.template.metadata.annotations[refloat.dev/data]: Invalid value: "wipe": expected keep or discard
          after     | 30                       | spec.template.metadata.annotations[refloat.dev/after]: Invalid value: "30": expected a duration from 0s to 24h such as 30s, 10m or 1h30m
          after     | -5s                      | Invalid value: "-5s": expected a duration
          after     | 25h                      | Invalid value: "25h": expected a duration from 0s to 24h
          min-ready | 101%                     | spec.template.metadata.annotations[refloat.dev/min-ready]: Invalid value: "101%": expected a whole number such as 2, or a percentage from 0% to 100%
          min-ready | -1                       | Invalid value: "-1": expected a whole number
          recovr    | true                     | spec.template.metadata.annotations[refloat.dev/recovr]: Invalid value: "true": expected one of refloat.dev/after, refloat.dev/data, refloat.dev/min-ready, refloat.dev/recover; did you mean refloat.dev/recover?
          paused    | true                     | spec.template.metadata.annotations[refloat.dev/paused]: Invalid value: "true": expected it on the StatefulSet or its Namespace, not on the pod
          """)
  void refuses_what_makes_no_sense_in_a_template(String name, String value, String words) {
    assertThat(mistakes(new Given().template(name, value)))
        .singleElement()
        .asString()
        .contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          recover       | metadata.annotations[refloat.dev/recover]: Forbidden: it belongs in spec.template.metadata.annotations[refloat.dev/recover]; move it there
          min-ready     | metadata.annotations[refloat.dev/min-ready]: Forbidden: it belongs in spec.template.metadata.annotations[refloat.dev/min-ready]; move it there
          pause         | metadata.annotations[refloat.dev/pause]: Invalid value: "true": expected no annotation of this name; a StatefulSet itself carries refloat.dev/paused only; did you mean refloat.dev/paused?
          something     | metadata.annotations[refloat.dev/something]: Invalid value: "true": expected no annotation of this name; a StatefulSet itself carries refloat.dev/paused only
          """)
  void refuses_on_the_set_itself_what_is_not_for_it(String name, String words) {
    assertThat(mistakes(new Given().own(name, "true"))).singleElement().hasToString(words);
  }

  @Test
  void refuses_labels_of_our_prefix_wherever_they_are() {
    assertThat(
            mistakes(
                new Given()
                    .ownLabel("recover", "true")
                    .templateLabel("local-storage", "true")
                    .claimTemplate(
                        "data",
                        Marks.of(
                            Map.of("refloat.dev/recovered", "db-0"),
                            Map.of("refloat.dev/attempt", "7", "refloat.dev/data", "keep")))))
        .extracting(Object::toString)
        .containsExactly(
            "metadata.labels[refloat.dev/recover]: Forbidden: Refloat reads annotations, not labels; the opt-in belongs in spec.template.metadata.annotations",
            "spec.template.metadata.labels[refloat.dev/local-storage]: Forbidden: Refloat sets this label itself, on pods; remove it",
            "spec.volumeClaimTemplates[0].metadata.labels[refloat.dev/recovered]: Forbidden: Refloat reads annotations, not labels; the opt-in belongs in spec.template.metadata.annotations",
            "spec.volumeClaimTemplates[0].metadata.annotations[refloat.dev/attempt]: Forbidden: what Refloat notes on claims it writes itself; remove it",
            "spec.volumeClaimTemplates[0].metadata.annotations[refloat.dev/data]: Forbidden: it belongs in spec.template.metadata.annotations[refloat.dev/data]; move it there");
  }

  @Test
  void tells_all_mistakes_at_once() {
    assertThat(
            mistakes(
                new Given()
                    .own("recover", "true")
                    .template("recover", "node-dead,node-lost")
                    .template("after", "soon")
                    .template("date", "keep")))
        .extracting(Objection::field)
        .containsExactly(
            "metadata.annotations[refloat.dev/recover]",
            TEMPLATE + "[refloat.dev/after]",
            TEMPLATE + "[refloat.dev/date]",
            TEMPLATE + "[refloat.dev/recover]",
            TEMPLATE + "[refloat.dev/recover]");
  }

  @Test
  void what_a_tool_copies_from_the_template_to_the_set_does_no_harm() {
    assertThat(
            warnings(
                optedIn().own("recover", "true").template("after", "5s").own("after", "5s"),
                Optional.empty(),
                FAST))
        .isEmpty();
    assertThat(mistakes(optedIn().own("recover", "false"))).hasSize(1);
  }

  @Test
  void of_more_mistakes_than_anybody_reads_the_first_are_told_and_each_is_short() {
    Given given = new Given().template("recover", ",".repeat(200_000));
    for (int i = 0; i < 49; i++) {
      given.ownLabel("label-" + i, "x").own("name-" + i, "x".repeat(100_000));
    }

    assertThat(mistakes(given))
        .hasSize(20)
        .allSatisfy(each -> assertThat(each.toString()).hasSizeLessThan(1_000));
  }

  @Test
  void quotes_a_value_so_that_everything_in_it_can_be_seen() {
    assertThat(mistakes(new Given().template("data", "ke\nep \"\\\t")))
        .singleElement()
        .asString()
        .contains("Invalid value: \"ke\\u000aep \\\"\\\\\\u0009\": expected");
  }

  @Test
  void a_malformed_opt_out_is_refused_as_well() {
    assertThat(mistakes(new Given().template("recover", "false").template("after", "soon")))
        .hasSize(1);
  }

  // Changes

  @Test
  void a_change_that_brings_a_mistake_is_refused_with_those_that_were_there() {
    Given before = new Given().template("after", "soon");
    Given now = new Given().template("after", "soon").template("data", "wipe");

    assertThat(settled(now, Optional.of(before)))
        .isInstanceOfSatisfying(
            Ruling.Refuse.class,
            refused -> assertThat(((Ruling.MalformedOptIn) refused.why()).objections()).hasSize(2));
  }

  @Test
  void a_change_from_one_mistake_to_another_is_refused() {
    assertThat(
            settled(
                new Given().template("after", "later"),
                Optional.of(new Given().template("after", "soon"))))
        .isInstanceOf(Ruling.Refuse.class);
  }

  @Test
  void a_change_that_leaves_mistakes_as_they_are_or_mends_some_is_admitted_and_told_what_is_left() {
    Given before = new Given().template("after", "soon").template("data", "wipe");

    assertThat(settled(before, Optional.of(before))).isInstanceOf(Ruling.Admit.class);
    assertThat(settled(new Given().template("after", "soon"), Optional.of(before)))
        .isInstanceOfSatisfying(
            Ruling.Admit.class,
            admitted -> {
              assertThat(admitted.reason()).isEqualTo("NothingNew");
              assertThat(admitted.warnings())
                  .singleElement()
                  .asString()
                  .startsWith(TEMPLATE + "[refloat.dev/after]: Invalid value: \"soon\"")
                  .endsWith(
                      "it was there before; Refloat leaves this set's pods alone until it is mended");
            });
  }

  @Test
  void where_there_were_more_than_are_told_mending_the_first_brings_no_new_one() {
    Given before = new Given();
    Given after = new Given();
    for (int i = 0; i < 30; i++) {
      before.own("name-" + i, "x");
      if (i > 0) {
        after.own("name-" + i, "x");
      }
    }

    assertThat(settled(after, Optional.of(before))).isInstanceOf(Ruling.Admit.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 30})
  void a_new_one_is_found_and_told_among_however_many(int before) {
    Given known = new Given();
    Given now = new Given().own("zzz", "new");
    for (int i = 0; i < before; i++) {
      known.own("name-" + i, "x");
      now.own("name-" + i, "x");
    }

    assertThat(settled(now, Optional.of(known)))
        .isInstanceOfSatisfying(
            Ruling.Refuse.class,
            refused ->
                assertThat(refused.toString()).contains("metadata.annotations[refloat.dev/zzz]"));
  }

  @Test
  void opting_out_is_possible_whatever_else_is_wrong() {
    Given before = new Given().template("recover", "true").template("after", "soon");

    assertThat(
            settled(
                new Given().template("recover", "false").template("after", "soon"),
                Optional.of(before)))
        .isInstanceOf(Ruling.Admit.class);
  }

  @Test
  void mending_the_last_mistake_is_admitted_like_a_new_set() {
    assertThat(
            warnings(
                new Given().template("recover", "true"),
                Optional.of(new Given().template("recover", "yes")),
                FAST))
        .isEmpty();
  }

  // Warnings

  @Test
  void a_set_that_makes_sense_is_admitted_in_silence() {
    Given full =
        new Given()
            .replicas(3)
            .template("recover", "node-gone,node-cordoned")
            .template("data", "discard")
            .template("after", "30s")
            .template("min-ready", "50%");

    assertThat(admission.screen("shop", full.facts(), Optional.empty()))
        .isEqualTo(new Screening.DependsOnClasses(new TreeSet<>(Set.of("fast"))));
    assertThat(admission.rule(full.facts(), List.of(FAST)))
        .isEqualTo(new Ruling.Admit(new Ruling.OptedIn(), List.of()));
  }

  @Test
  void a_set_that_says_nothing_or_opts_out_is_admitted_in_silence() {
    assertThat(settled(new Given(), Optional.empty()))
        .isEqualTo(new Ruling.Admit(new Ruling.NotOptedIn(), List.of()));
    assertThat(
            settled(
                new Given().template("recover", "false").template("data", "keep"),
                Optional.empty()))
        .isEqualTo(new Ruling.Admit(new Ruling.NotOptedIn(), List.of()));
    assertThat(settled(new Given().own("paused", "true"), Optional.empty()))
        .isEqualTo(new Ruling.Admit(new Ruling.NotOptedIn(), List.of()));
  }

  @Test
  void warns_of_a_policy_without_an_opt_in() {
    assertThat(
            settled(new Given().template("data", "keep").template("after", "5s"), Optional.empty()))
        .isEqualTo(
            new Ruling.Admit(
                new Ruling.NotOptedIn(),
                List.of(
                    "refloat.dev/after, refloat.dev/data: no effect without refloat.dev/recover")));
  }

  @Test
  void warns_where_no_claim_could_ever_be_given_up() {
    assertThat(warnings(optedIn().withoutClaimTemplates()))
        .containsExactly(
            "refloat.dev/recover has no effect: the StatefulSet has no volumeClaimTemplates, and Refloat gives up claims from these only");
    assertThat(warnings(optedIn(), Optional.empty(), NETWORK))
        .containsExactly(
            "refloat.dev/recover has no effect: none of the claim templates asks for local storage: data (class fast by ebs.csi.aws.com)");
  }

  @Test
  void one_claim_of_a_local_class_is_enough() {
    assertThat(
            warnings(
                optedIn().claimTemplateOf("logs", "remote"),
                Optional.empty(),
                new ClassStorage.Found("remote", "ebs.csi.aws.com", false),
                FAST))
        .isEmpty();
  }

  @Test
  void does_not_warn_of_a_class_that_nobody_knows() {
    assertThat(warnings(optedIn(), Optional.empty(), new ClassStorage.Unknown("fast"))).isEmpty();
    assertThat(warnings(optedIn())).isEmpty();
    assertThat(warnings(optedIn().claimTemplate("logs", Marks.NONE), Optional.empty(), NETWORK))
        .isEmpty();
  }

  @Test
  void warns_of_claims_that_are_not_from_a_template() {
    assertThat(warnings(optedIn().mounting("shared", "other"), Optional.empty(), FAST))
        .containsExactly(
            "claim shared is not from a volumeClaimTemplate, so Refloat never gives it up",
            "claim other is not from a volumeClaimTemplate, so Refloat never gives it up");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 replicas", "1, one replica"})
  void warns_of_a_number_of_other_replicas_where_there_are_none(int replicas, String words) {
    Given alone = optedIn().template("min-ready", "1");

    assertThat(warnings(alone.replicas(replicas), Optional.empty(), FAST))
        .containsExactly(
            "refloat.dev/min-ready has no effect with "
                + words
                + ": there are no other replicas that could be Ready");
    assertThat(warnings(alone.replicas(2), Optional.empty(), FAST)).isEmpty();
  }

  @Test
  void warns_where_discarding_frees_nothing() {
    assertThat(warnings(optedIn().template("data", "discard"), Optional.empty(), KEPT))
        .containsExactly(
            "refloat.dev/data: discard frees no disk: StorageClass fast has reclaimPolicy Retain, so its volumes stay until a person deletes them");
    assertThat(warnings(optedIn(), Optional.empty(), KEPT)).isEmpty();
    // The policy of a class does not reach volumes that are made by hand.
    assertThat(
            warnings(
                optedIn().template("data", "discard"),
                Optional.empty(),
                new ClassStorage.Found("fast", "kubernetes.io/no-provisioner", true)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "", "until-monday"})
  void warns_of_a_pause(String value) {
    assertThat(warnings(optedIn().own("paused", value), Optional.empty(), FAST))
        .containsExactly(
            "refloat.dev/paused is on this StatefulSet: Refloat leaves it alone until that is removed");
    assertThat(warnings(optedIn().own("paused", "false"), Optional.empty(), FAST)).isEmpty();
  }

  // None of our business

  @Test
  void admits_everything_where_it_does_not_watch() {
    SetAdmission elsewhere =
        new SetAdmission(
            new WatchedNamespaces.Only(new TreeSet<>(Set.of("bank"))),
            new LocalStorage(Set.of(), Set.of()));

    assertThat(
            elsewhere.screen(
                "shop", new Given().template("after", "soon").facts(), Optional.empty()))
        .isEqualTo(
            new Screening.Settled(new Ruling.Admit(new Ruling.NotWatched("shop"), List.of())));
  }

  @Test
  void rules_on_nothing_that_was_not_screened() {
    assertThatThrownBy(() -> admission.rule(new Given().facts(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("db has not opted in");
  }

  private static Given optedIn() {
    return new Given().template("recover", "true");
  }

  private List<Objection> mistakes(Given given) {
    return switch (settled(given, Optional.empty())) {
      case Ruling.Refuse(Ruling.MalformedOptIn(String set, List<Objection> objections)) -> {
        assertThat(set).isEqualTo("db");
        yield objections;
      }
      case Ruling other -> throw new AssertionError(other.toString());
    };
  }

  private Ruling settled(Given now, Optional<Given> before) {
    return switch (admission.screen("shop", now.facts(), before.map(Given::facts))) {
      case Screening.Settled(Ruling ruling) -> ruling;
      case Screening.DependsOnClasses depends -> throw new AssertionError(depends.toString());
    };
  }

  private List<String> warnings(Given given) {
    return warnings(given, Optional.empty());
  }

  private List<String> warnings(Given given, Optional<Given> before, ClassStorage... classes) {
    assertThat(admission.screen("shop", given.facts(), before.map(Given::facts)))
        .isInstanceOf(Screening.DependsOnClasses.class);
    return switch (admission.rule(given.facts(), List.of(classes))) {
      case Ruling.Admit(Ruling.OptedIn(), List<String> warnings) -> warnings;
      case Ruling other -> throw new AssertionError(other.toString());
    };
  }

  /** A set {@code db} of one replica with a claim template {@code data} of class {@code fast}. */
  private static final class Given {
    private int replicas = 1;
    private final Map<String, String> own = new TreeMap<>();
    private final Map<String, String> ownLabels = new TreeMap<>();
    private final Map<String, String> template = new TreeMap<>();
    private final Map<String, String> templateLabels = new TreeMap<>();
    private final List<String> claims = new ArrayList<>();
    private final List<SetFacts.ClaimTemplate> claimTemplates =
        new ArrayList<>(
            List.of(new SetFacts.ClaimTemplate("data", Marks.NONE, Optional.of("fast"))));

    Given replicas(int count) {
      replicas = count;
      return this;
    }

    Given own(String name, String value) {
      own.put("refloat.dev/" + name, value);
      return this;
    }

    Given ownLabel(String name, String value) {
      ownLabels.put("refloat.dev/" + name, value);
      return this;
    }

    Given template(String name, String value) {
      template.put("refloat.dev/" + name, value);
      return this;
    }

    Given templateLabel(String name, String value) {
      templateLabels.put("refloat.dev/" + name, value);
      return this;
    }

    Given mounting(String... names) {
      claims.addAll(List.of(names));
      return this;
    }

    Given withoutClaimTemplates() {
      claimTemplates.clear();
      return this;
    }

    /** One of the cluster's default class. */
    Given claimTemplate(String name, Marks marks) {
      claimTemplates.removeIf(each -> each.name().equals(name));
      claimTemplates.add(new SetFacts.ClaimTemplate(name, marks, Optional.empty()));
      return this;
    }

    Given claimTemplateOf(String name, String storageClass) {
      claimTemplates.add(new SetFacts.ClaimTemplate(name, Marks.NONE, Optional.of(storageClass)));
      return this;
    }

    SetFacts facts() {
      return new SetFacts(
          "db",
          replicas,
          Marks.of(ownLabels, own),
          Marks.of(templateLabels, template),
          claims,
          claimTemplates);
    }
  }
}
