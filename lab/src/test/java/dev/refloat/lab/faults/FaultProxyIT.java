package dev.refloat.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.refloat.lab.LabExtension;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault, between the client that Refloat ships and a real API server. */
@ExtendWith(LabExtension.class)
class FaultProxyIT {

  private final AtomicReference<KubernetesClient> direct = new AtomicReference<>();
  private String namespace = "";
  private FaultProxy proxy;
  private KubernetesClient client;

  @BeforeEach
  void proxyForAnEditor(ControlPlane controlPlane, World world) {
    namespace = world.namespace();
    direct.set(controlPlane.client());
    controlPlane
        .client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("edit")
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                .addNewSubject("", "ServiceAccount", "default", namespace)
                .build())
        .create();
    proxy = FaultProxy.before(controlPlane.kubeconfigFor(namespace, "default"));
    client = client(proxy.kubeconfig(), false);
  }

  @AfterEach
  void close() {
    client.close();
    proxy.close();
  }

  @Test
  void what_nobody_said_anything_about_passes_and_is_written_down() {
    create(client, "a");
    var _ = maps(client).withName("a").edit(map -> with(map, "changed"));
    assertThat(maps(client).list().getItems()).extracting(FaultProxyIT::name).contains("a");
    var _ = maps(client).withName("a").delete();
    assertThat(maps(client).withName("a").get()).isNull();

    Recording all = proxy.recording();
    assertThat(all.counts())
        .containsEntry("CREATE configmaps", 1L)
        .containsEntry("PATCH configmaps", 1L)
        .containsEntry("LIST configmaps", 1L)
        .containsEntry("DELETE configmaps", 1L)
        .containsEntry("GET configmaps", 2L);
    assertThat(all.writes()).isEqualTo(3);
    assertThat(all.reads()).isEqualTo(3);
    assertThat(all.exchanges())
        .allSatisfy(
            exchange -> {
              assertThat(exchange.bytes()).isPositive();
              assertThat(exchange.status()).isEqualTo(exchange.serverStatus()).isPresent();
              assertThat(exchange.request().namespace()).isEqualTo(namespace);
            });
    assertThat(all.of(Requests.get("configmaps")).exchanges().getLast().status()).hasValue(404);
    assertThat(all.since(all).count()).isZero();
  }

  @Test
  void a_refusal_is_the_proxys_own_and_lasts_until_it_is_lifted() {
    Rule rule = proxy.always(Requests.create("configmaps"), Fault.status(403));
    assertFails(() -> create(client, "a"), 403);
    assertFails(() -> create(client, "a"), 403);
    assertThat(maps(direct()).withName("a").get()).isNull();
    assertThat(rule.done()).isEqualTo(2);
    assertThat(proxy.recording().succeeded().of(Requests.writes()).count()).isZero();

    rule.lift();

    create(client, "a");
    assertThat(maps(direct()).withName("a").get()).isNotNull();
  }

  @Test
  void too_many_requests_says_when_to_come_again() {
    proxy.once(Requests.get("configmaps"), Fault.tooManyRequests(Duration.ofSeconds(7)));
    assertFails(() -> maps(client).withName("a").get(), 429);
    assertThat(maps(client).withName("a").get()).isNull();
  }

  @Test
  void a_connection_cut_before_the_request_leaves_the_world_as_it_is() {
    proxy.once(Requests.create("configmaps"), Fault.cutBefore());
    assertIsCut(() -> create(client, "a"));
    assertThat(maps(direct()).withName("a").get()).isNull();
    assertThat(proxy.recording().of(Requests.writes()).count())
        .as("a client that repeats a write by itself")
        .isOne();
  }

  @Test
  void a_connection_cut_before_the_answer_has_changed_the_world() {
    proxy.once(Requests.create("configmaps"), Fault.cutAfter());
    assertIsCut(() -> create(client, "a"));
    assertThat(maps(direct()).withName("a").get()).isNotNull();
    Exchange exchange = proxy.recording().of(Requests.writes()).exchanges().getFirst();
    assertThat(exchange.serverStatus()).hasValue(201);
    assertThat(exchange.status()).isEmpty();
  }

  @Test
  void something_is_done_between_the_nth_write_and_its_answer() {
    List<Boolean> there = new CopyOnWriteArrayList<>();
    proxy.nth(
        2,
        Requests.writes("configmaps"),
        Fault.cutAfter(() -> there.add(maps(direct()).withName("b").get() != null)));
    create(client, "a");
    assertIsCut(() -> create(client, "b"));
    create(client, "c");
    assertThat(there).containsExactly(true);
  }

  @Test
  void something_is_done_before_the_nth_write_reaches_the_server() {
    List<Boolean> there = new CopyOnWriteArrayList<>();
    Runnable look = () -> there.add(maps(direct()).withName("b").get() != null);
    proxy.nth(2, Requests.writes("configmaps"), Fault.cutBefore(look));
    proxy.nth(3, Requests.writes("configmaps"), new Fault.LateRequest(look));
    create(client, "a");
    assertIsCut(() -> create(client, "b"));
    create(client, "b");
    assertThat(there).containsExactly(false, false);
    assertThat(maps(direct()).withName("b").get()).isNotNull();
  }

  @Test
  void a_late_answer_is_one_to_what_has_happened_at_once() {
    Duration late = Duration.ofMillis(700);
    proxy.once(Requests.create("configmaps"), new Fault.LateAnswer(late));
    long begun = System.nanoTime();
    create(client, "a");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(late);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_watch_that_is_blocked_tells_nothing_and_goes_on_where_it_was(boolean plain) {
    try (KubernetesClient watching = client(proxy.kubeconfig(), plain)) {
      Seen seen = new Seen();
      try (Watch _ = maps(watching).watch(seen)) {
        create(direct(), "a");
        seen.await("a");
        assertThat(isUpgraded()).isEqualTo(!plain);

        assertThat(proxy.block(Requests.watch("configmaps"))).isOne();
        Seen later = new Seen();
        try (Watch _ = maps(watching).watch(later)) {
          create(direct(), "b");
          create(direct(), "c");
          later.await("c");
        }
        assertThat(seen.names).doesNotContain("b");

        proxy.release(Requests.watch("configmaps"));
        seen.await("b");
        assertThat(seen.closed.get()).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_watch_that_is_expired_ends_with_410(boolean plain) {
    try (KubernetesClient watching = client(proxy.kubeconfig(), plain)) {
      Seen seen = new Seen();
      try (Watch _ = maps(watching).watch(seen)) {
        create(direct(), "a");
        seen.await("a");

        assertThat(proxy.expire(Requests.watch("configmaps"))).isOne();

        Await.seconds(10).until("the watch is closed", () -> seen.closed.get() != null);
        assertThat(seen.closed.get()).satisfies(cause -> assertThat(cause.isHttpGone()).isTrue());
        Await.seconds(10)
            .until("no watch is open", () -> proxy.open(Requests.watch("configmaps")) == 0);
      }
    }
  }

  @Test
  void a_watch_that_the_client_closes_is_closed_at_the_server() {
    Seen seen = new Seen();
    try (Watch _ = maps(client).watch(seen)) {
      create(direct(), "a");
      seen.await("a");
    }
    Await.seconds(10)
        .until("no watch is open", () -> proxy.open(Requests.watch("configmaps")) == 0);
  }

  private static final class Seen implements Watcher<ConfigMap> {
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final AtomicReference<WatcherException> closed = new AtomicReference<>();

    @Override
    public void eventReceived(Action action, ConfigMap map) {
      names.add(name(map));
    }

    @Override
    public void onClose(WatcherException cause) {
      closed.set(cause);
    }

    private void await(String name) {
      Await.seconds(10).until(name + " is seen", () -> names.contains(name));
    }
  }

  private KubernetesClient direct() {
    return Optional.ofNullable(direct.get()).orElseThrow();
  }

  private boolean isUpgraded() {
    return proxy
            .recording()
            .of(Requests.watch("configmaps"))
            .exchanges()
            .getFirst()
            .status()
            .orElse(0)
        == 101;
  }

  private void create(KubernetesClient by, String name) {
    ConfigMap map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .build();
    var _ = maps(by).resource(map).create();
  }

  private NonNamespaceOperation<ConfigMap, ConfigMapList, Resource<ConfigMap>> maps(
      KubernetesClient by) {
    return by.configMaps().inNamespace(namespace);
  }

  private static ConfigMap with(ConfigMap map, String value) {
    return new ConfigMapBuilder(map).addToData("key", value).build();
  }

  private static String name(ConfigMap map) {
    return map.getMetadata().getName();
  }

  private static void assertFails(Runnable call, int code) {
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(call::run)
        .satisfies(failure -> assertThat(failure.getCode()).isEqualTo(code));
  }

  private static void assertIsCut(Runnable call) {
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(call::run)
        .withRootCauseInstanceOf(IOException.class);
  }

  private static KubernetesClient client(Path kubeconfig, boolean plainWatches) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    config.setOnlyHttpWatches(plainWatches);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }
}
