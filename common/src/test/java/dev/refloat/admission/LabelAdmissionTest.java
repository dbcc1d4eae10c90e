package dev.refloat.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.settings.WatchedNamespaces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelAdmissionTest {

  private static final String ADMIN = "kubernetes-admin";
  private static final Optional<PodFacts.Controller> STATEFUL_SET =
      Optional.of(new PodFacts.Controller("apps/v1", "StatefulSet", "db"));

  private final LabelAdmission admission =
      new LabelAdmission(new WatchedNamespaces.All(), "refloat-system");

  @ParameterizedTest
  @ValueSource(strings = {"true", "false", ""})
  void refuses_the_label_on_a_pod_that_is_no_statefulset_s(String value) {
    assertThat(admission.created(labelled("shop", value, Optional.empty()), ADMIN))
        .isEqualTo(new Ruling.Refuse(new Ruling.LabelOnForeignPod("none")));
    assertThat(
            admission.created(
                labelled(
                    "shop",
                    value,
                    Optional.of(new PodFacts.Controller("apps/v1", "ReplicaSet", "web"))),
                ADMIN))
        .isEqualTo(new Ruling.Refuse(new Ruling.LabelOnForeignPod("apps/v1 ReplicaSet web")));
    assertThat(
            admission.created(
                labelled(
                    "shop",
                    value,
                    Optional.of(
                        new PodFacts.Controller("apps.kruise.io/v1beta1", "StatefulSet", "db"))),
                ADMIN))
        .isInstanceOf(Ruling.Refuse.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "no"})
  void never_refuses_what_a_statefulset_makes(String value) {
    assertThat(admission.created(labelled("shop", value, STATEFUL_SET), ADMIN))
        .isEqualTo(Ruling.Admit.silently(new Ruling.OfStatefulSet()));
  }

  @Test
  void does_not_mind_a_pod_without_the_label() {
    assertThat(
            admission.created(
                new PodFacts("shop", "a", Map.of(), Map.of(), Optional.empty(), List.of()), ADMIN))
        .isEqualTo(Ruling.Admit.silently(new Ruling.LabelUntouched()));
  }

  @ParameterizedTest
  @CsvSource({", true", "true, ", "true, false", "'', true", ", ''"})
  void refuses_every_change_by_hand(String before, String now) {
    Optional<String> was = Optional.ofNullable(before);
    Optional<String> is = Optional.ofNullable(now);

    assertThat(admission.changed("shop", ADMIN, was, is))
        .isEqualTo(new Ruling.Refuse(new Ruling.LabelByHand(was, is)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "no"})
  void does_not_mind_a_change_of_something_else(String value) {
    assertThat(admission.changed("shop", ADMIN, Optional.of(value), Optional.of(value)))
        .isEqualTo(Ruling.Admit.silently(new Ruling.LabelUntouched()));
    assertThat(admission.changed("shop", ADMIN, Optional.empty(), Optional.empty()))
        .isEqualTo(Ruling.Admit.silently(new Ruling.LabelUntouched()));
  }

  @ParameterizedTest
  @CsvSource({
    "system:serviceaccount:refloat-system:refloat-webhook, true",
    "system:serviceaccount:refloat-system:refloat-controller, true",
    "system:serviceaccount:refloat-system:default, false",
    "system:serviceaccount:shop:refloat-webhook, false",
    "refloat-webhook, false",
    "'', false"
  })
  void admits_what_our_own_accounts_write_and_nobody_else(String user, boolean ours) {
    Ruling expected = Ruling.Admit.silently(new Ruling.OwnAccount());

    assertThat(
            admission.changed("shop", user, Optional.empty(), Optional.of("true")).equals(expected))
        .isEqualTo(ours);
    assertThat(admission.created(labelled("shop", "true", Optional.empty()), user).equals(expected))
        .isEqualTo(ours);
  }

  @Test
  void does_not_mind_what_happens_where_it_does_not_watch() {
    LabelAdmission elsewhere =
        new LabelAdmission(
            new WatchedNamespaces.Only(new TreeSet<>(Set.of("bank"))), "refloat-system");

    assertThat(elsewhere.created(labelled("shop", "true", Optional.empty()), ADMIN))
        .isEqualTo(Ruling.Admit.silently(new Ruling.NotWatched("shop")));
    assertThat(elsewhere.changed("shop", ADMIN, Optional.empty(), Optional.of("true")))
        .isEqualTo(Ruling.Admit.silently(new Ruling.NotWatched("shop")));
  }

  private static PodFacts labelled(
      String namespace, String value, Optional<PodFacts.Controller> controller) {
    return new PodFacts(
        namespace,
        "db-0",
        Map.of("refloat.dev/local-storage", value),
        Map.of(),
        controller,
        List.of());
  }
}
