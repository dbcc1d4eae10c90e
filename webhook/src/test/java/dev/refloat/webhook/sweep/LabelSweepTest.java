package dev.refloat.webhook.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.admission.PodAdmission;
import dev.refloat.admission.PodFacts;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.PodMetadata;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSweepTest {

  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final String LABEL = "refloat.dev/local-storage";
  private static final Map<String, String> OPTED_IN = Map.of("refloat.dev/recover", "true");

  private final FakePods pods = new FakePods();
  private final List<Decision> findings = new ArrayList<>();
  private int failures = 0;
  private long ticks = 0;
  private ClaimStorage storage = new ClaimStorage.OfClass("data", "fast", "rancher.io/local-path");

  @Test
  void S49_labels_a_pod_that_was_made_while_nobody_was_asked() {
    pods.add("shop", "db-0", OPTED_IN, Map.of("app", "db"));

    sweep().look();

    assertThat(pods.written).containsExactly("shop/db-0 7 labelled");
    assertThat(findings).hasOnlyElementsOfType(Decision.Label.class).hasSize(1);
  }

  @Test
  void S49_takes_the_label_off_where_the_opt_in_is_gone_or_makes_no_sense() {
    pods.add("shop", "out-0", Map.of(), Map.of(LABEL, "true"));
    pods.add("shop", "no-0", Map.of("refloat.dev/recover", "false"), Map.of(LABEL, "true"));
    pods.add("shop", "odd-0", Map.of("refloat.dev/recover", "maybe"), Map.of(LABEL, "true"));

    sweep().look();

    assertThat(pods.written)
        .containsExactlyInAnyOrder(
            "shop/out-0 7 unlabelled", "shop/no-0 7 unlabelled", "shop/odd-0 7 unlabelled");
    assertThat(findings).hasOnlyElementsOfType(Decision.Unlabel.class);
  }

  @Test
  void reads_none_whose_label_is_as_it_should_be() {
    pods.add("shop", "db-0", OPTED_IN, Map.of(LABEL, "true"));
    pods.add("shop", "web-0", Map.of(), Map.of());
    pods.add("shop", "odd-0", Map.of("refloat.dev/recover", "maybe"), Map.of());

    sweep().look();

    assertThat(pods.read).isEmpty();
    assertThat(pods.written).isEmpty();
  }

  @Test
  void leaves_a_pod_that_is_not_on_local_storage() {
    storage = new ClaimStorage.OfClass("data", "ebs", "ebs.csi.aws.com");
    pods.add("shop", "db-0", OPTED_IN, Map.of());

    sweep().look();

    assertThat(pods.read).containsExactly("shop/db-0");
    assertThat(pods.written).isEmpty();
  }

  @Test
  void looks_only_where_the_webhook_is_asked() {
    pods.add("kube-system", "db-0", OPTED_IN, Map.of());
    pods.add("refloat-system", "db-0", OPTED_IN, Map.of());

    sweep().look();
    assertThat(pods.read).isEmpty();

    sweep(new WatchedNamespaces.Only(Set.of("shop", "bank")), false).look();
    assertThat(pods.listed).containsExactly("all", "all", "bank", "bank", "shop", "shop");
  }

  @Test
  void a_dry_run_finds_and_writes_nothing() {
    pods.add("shop", "db-0", OPTED_IN, Map.of());

    LabelSweep sweep = sweep(new WatchedNamespaces.All(), true);
    sweep.look();
    assertThat(findings).hasSize(1);
    sweep.look();

    assertThat(pods.written).isEmpty();
    assertThat(findings).hasSize(1);
  }

  @Test
  void what_has_changed_meanwhile_is_nobody_s_finding() {
    pods.add("shop", "db-0", OPTED_IN, Map.of());
    pods.conflict = true;

    sweep().look();

    assertThat(findings).isEmpty();
  }

  @Test
  void of_too_many_all_are_looked_at_one_look_after_the_other() {
    int all = LabelSweep.MOST_READS + 10;
    for (int i = 0; i < all; i++) {
      pods.add("shop", "db-%04d".formatted(i), OPTED_IN, Map.of());
    }
    storage = new ClaimStorage.OfClass("data", "ebs", "ebs.csi.aws.com");
    LabelSweep sweep = sweep();

    sweep.look();
    assertThat(pods.read).hasSize(LabelSweep.MOST_READS);
    sweep.look();

    assertThat(Set.copyOf(pods.read)).hasSize(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "", "True"})
  void S49_a_label_that_nobody_watches_is_as_good_as_none(String value) {
    pods.add("shop", "db-0", OPTED_IN, Map.of(LABEL, value));

    sweep().look();

    assertThat(pods.written).containsExactly("shop/db-0 7 labelled");
  }

  @Test
  void what_fails_for_one_is_done_for_the_others_and_told() {
    pods.add("bank", "db-0", OPTED_IN, Map.of());
    pods.add("bank", "db-1", OPTED_IN, Map.of());
    pods.refused.add("db-0");
    pods.unreadable.add("shop");

    assertThat(sweep(new WatchedNamespaces.Only(Set.of("shop", "bank")), false).look())
        .hasValueSatisfying(why -> assertThat(why).startsWith("403 "));

    assertThat(pods.written).containsExactly("bank/db-1 7 labelled");
    assertThat(failures).isEqualTo(3);
  }

  @Test
  void leaves_for_the_next_look_what_nobody_could_tell_and_says_so() {
    storage = new ClaimStorage.Unanswered("data", "no answer within 800ms");
    pods.add("shop", "db-0", OPTED_IN, Map.of());

    assertThat(sweep().look()).contains("claim data of pod shop/db-0: no answer within 800ms");

    assertThat(pods.written).isEmpty();
    assertThat(failures).isEqualTo(1);
  }

  @Test
  void goes_on_with_the_next_look_where_this_one_took_too_long() {
    for (int i = 0; i < 4; i++) {
      pods.add("shop", "db-" + i, OPTED_IN, Map.of());
    }
    pods.onRead = () -> ticks += LabelSweep.LONGEST_LOOK.toNanos() * 2 / 3;
    LabelSweep sweep = sweep();

    sweep.look();
    assertThat(pods.read).containsExactly("shop/db-0", "shop/db-1");
    sweep.look();

    assertThat(pods.read).endsWith("shop/db-2", "shop/db-3");
  }

  private LabelSweep sweep() {
    return sweep(new WatchedNamespaces.All(), false);
  }

  private LabelSweep sweep(WatchedNamespaces watched, boolean dryRun) {
    return new LabelSweep(
        pods,
        new PodAdmission(watched, new LocalStorage(Set.of(), Set.of())),
        (_, _) -> List.of(storage),
        watched,
        Set.of("kube-system", "refloat-system"),
        dryRun,
        "a-test",
        new LabelSweep.Findings() {
          @Override
          public void found(Decision decision) {
            findings.add(decision);
          }

          @Override
          public void failed() {
            failures++;
          }
        },
        () -> ticks);
  }

  /** Pods of StatefulSets that mount one claim. */
  private static final class FakePods implements WaitingPods {
    private final Map<String, Live> all = new HashMap<>();
    private final List<String> listed = new ArrayList<>();
    private final List<String> read = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private boolean conflict = false;
    private Runnable onRead = () -> {};
    private final Set<String> refused = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();

    void add(
        String namespace,
        String name,
        Map<String, String> annotations,
        Map<String, String> labels) {
      ObjectId id = new ObjectId(namespace, name, "uid-" + name, "7");
      all.put(
          id.toString(),
          new Live(
              id,
              new PodFacts(
                  namespace,
                  name,
                  labels,
                  annotations,
                  Optional.of(new PodFacts.Controller("apps/v1", "StatefulSet", "db")),
                  List.of("data"))));
    }

    @Override
    public List<ObjectId> list(
        Optional<String> namespace, Kind kind, Predicate<PodMetadata> wanted) {
      listed.add(namespace.orElse("all"));
      if (unreadable.contains(namespace.orElse("all"))) {
        throw new KubernetesClientException("forbidden", 403, null);
      }
      return all.values().stream()
          .filter(
              pod ->
                  (namespace.isEmpty() || namespace.get().equals(pod.id().namespace()))
                      && pod.facts().label().equals(Optional.of("true")) == (kind == Kind.LABELLED))
          .map(
              pod ->
                  new PodMetadata(
                      pod.id(), NOW, Optional.empty(), pod.facts().annotations(), Optional.empty()))
          .filter(wanted)
          .map(PodMetadata::id)
          .toList();
    }

    @Override
    public Optional<Live> read(ObjectId id) {
      read.add(id.toString());
      onRead.run();
      return Optional.ofNullable(all.get(id.toString()));
    }

    @Override
    public Written write(ObjectId pod, boolean labelled) {
      if (refused.contains(pod.name())) {
        throw new KubernetesClientException("denied", 403, null);
      }
      if (conflict) {
        return Written.CONFLICT;
      }
      written.add(pod + " " + pod.resourceVersion() + (labelled ? " labelled" : " unlabelled"));
      return Written.DONE;
    }
  }
}
