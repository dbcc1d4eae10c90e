package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.ISSUER;
import static dev.refloat.certs.Fixtures.NOW;
import static dev.refloat.certs.Fixtures.WANTED;
import static dev.refloat.certs.Secrets.AUTHORITY;
import static dev.refloat.certs.Secrets.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.certs.ClusterObjects.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ManagedCertificatesTest {

  private final InMemoryCluster cluster = new InMemoryCluster();
  private final List<Credential> served = new ArrayList<>();
  private final RecordingObserver observer = new RecordingObserver();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final ManagedCertificates certificates = process();

  @Test
  void a_new_cluster_gets_an_authority_a_certificate_and_the_bundle() throws Exception {
    cluster.register(Registration.MUTATING, 2);
    cluster.register(Registration.VALIDATING, 3);

    Standing standing = certificates.pass();

    assertThat(standing).isEqualTo(new Standing.Good(served.getLast()));
    assertThat(served.getLast().isSignedBy(authority())).isTrue();
    assertThat(served.getLast().hosts()).isEqualTo(WANTED.hosts());
    String bundle = Pem.write(authority().chain());
    assertThat(cluster.bundles(Registration.MUTATING)).containsOnly(bundle);
    assertThat(cluster.bundles(Registration.VALIDATING)).containsOnly(bundle);
    assertThat(bundle).doesNotContain("PRIVATE");
  }

  @Test
  void the_second_pass_writes_nothing() throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Map<String, ClusterObjects.Secret.Present> before = Map.copyOf(cluster.secrets);

    certificates.pass();

    assertThat(cluster.secrets).isEqualTo(before);
  }

  @Test
  void another_process_finds_and_serves_the_same_certificate() throws Exception {
    certificates.pass();

    process().pass();

    assertThat(served).hasSize(2).containsOnly(served.getFirst());
  }

  @Test
  void whoever_loses_the_race_for_a_secret_serves_what_the_winner_wrote() throws Exception {
    cluster.beforeTheNextWrite = () -> pass(process());

    certificates.pass();

    assertThat(served).hasSize(2).containsOnly(served.getFirst());
    assertThat(served.getLast().isSignedBy(authority())).isTrue();
  }

  @Test
  void a_read_that_fails_replaces_nothing() throws Exception {
    certificates.pass();
    Map<String, ClusterObjects.Secret.Present> before = Map.copyOf(cluster.secrets);
    cluster.unreachable = true;

    assertThatThrownBy(certificates::pass).isInstanceOf(ClusterFailedException.class);

    assertThat(cluster.secrets).isEqualTo(before);
  }

  @Test
  void empty_and_garbage_secrets_are_filled_and_their_other_entries_stay() throws Exception {
    cluster.put(AUTHORITY, Map.of());
    cluster.put(SERVING, Map.of("tls.crt", "garbage", "tls.key", "", "note", "mine"));

    assertThat(certificates.pass()).isInstanceOf(Standing.Good.class);

    assertThat(served.getLast().isSignedBy(authority())).isTrue();
    assertThat(cluster.data(SERVING)).containsEntry("note", "mine");
  }

  @Test
  void a_leaf_is_renewed_by_the_same_authority_and_the_bundle_stays() throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    String bundle = cluster.bundles(Registration.MUTATING).getFirst();

    now.set(NOW.plus(Duration.ofDays(60)));
    certificates.pass();

    assertThat(served).hasSize(2).doesNotHaveDuplicates();
    assertThat(served.getLast().isSignedBy(authority())).isTrue();
    assertThat(cluster.bundles(Registration.MUTATING)).containsExactly(bundle);
  }

  @Test
  void a_crash_between_the_two_writes_of_a_new_authority_leaves_nothing_to_repair()
      throws Exception {
    certificates.pass();
    Credential other = Fixtures.authority();
    cluster.put(
        AUTHORITY, Map.of("ca.crt", Pem.write(other.chain()), "ca.key", Pem.write(other.key())));

    process().pass();

    assertThat(served.getLast().isSignedBy(other)).isTrue();
  }

  @Test
  void a_new_authority_is_led_in_and_what_is_served_is_trusted_at_each_step() throws Exception {
    cluster.register(Registration.MUTATING, 2);
    cluster.register(Registration.VALIDATING, 1);
    certificates.pass();
    Credential old = authority();
    Duration due = Duration.ofDays(240);
    now.set(NOW.plus(due));
    assertThat(certificates.pass()).isInstanceOf(Standing.Good.class);
    Credential leaf = served.getLast();

    // Staged and published, and the old one signs.
    Credential next = usable(cluster.authorities().next());
    assertThat(leaf.isSignedBy(old)).isTrue();
    assertThat(cluster.bundles(Registration.MUTATING)).containsOnly(bundle(old, next));
    assertThat(cluster.bundles(Registration.VALIDATING)).containsOnly(bundle(old, next));

    // Promoted: the leaf is by the next one, the bundle is the same, the old key is gone.
    passFor(Duration.ofMinutes(6));
    assertThat(authority()).isEqualTo(next);
    assertThat(served.getLast().isSignedBy(next)).isTrue();
    assertThat(cluster.bundles(Registration.MUTATING)).containsOnly(bundle(old, next));
    assertThat(cluster.data(AUTHORITY)).containsOnlyKeys("ca.crt", "ca.key", "previous.crt");

    // Retired.
    passFor(Duration.ofMinutes(61));
    assertThat(cluster.data(AUTHORITY)).containsOnlyKeys("ca.crt", "ca.key");
    assertThat(cluster.bundles(Registration.MUTATING)).containsOnly(bundle(next));
    assertThat(cluster.bundles(Registration.VALIDATING)).containsOnly(bundle(next));
    assertThat(served.getLast()).isEqualTo(leafInSecret());
    assertThat(observer.happened)
        .filteredOn(each -> !each.equals("SERVING loaded"))
        .containsExactly(
            "AUTHORITY issued",
            "SERVING issued",
            "SERVING issued",
            "AUTHORITY staged",
            "AUTHORITY promoted",
            "SERVING issued",
            "AUTHORITY retired");
    assertThat(observer.ends)
        .containsEntry(CertificateObserver.Kind.AUTHORITY, next.notAfter())
        .containsEntry(CertificateObserver.Kind.SERVING, leafInSecret().notAfter());
  }

  @Test
  void a_bundle_that_is_overwritten_again_and_again_promotes_nobody() throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Credential old = authority();
    now.set(NOW.plus(Duration.ofDays(240)));

    for (int overwritten = 0; overwritten < 5; overwritten++) {
      passFor(Duration.ofMinutes(4));
      cluster.register(Registration.MUTATING, 1);
    }
    passFor(Duration.ofMinutes(4));
    assertThat(authority()).isEqualTo(old);

    passFor(Duration.ofMinutes(3));
    assertThat(authority()).isNotEqualTo(old);
  }

  @Test
  void an_authority_that_got_lost_is_trusted_until_nothing_by_it_is_served() throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Credential lost = authority();
    Credential leaf = served.getLast();

    cluster.secrets.remove(AUTHORITY);
    passFor(Duration.ofMinutes(4));

    Credential found = authority();
    assertThat(found).isNotEqualTo(lost);
    assertThat(cluster.bundles(Registration.MUTATING)).containsExactly(bundle(lost, found));
    assertThat(served.getLast()).isEqualTo(leaf);

    passFor(Duration.ofMinutes(3));
    assertThat(served.getLast().isSignedBy(found)).isTrue();
    passFor(Duration.ofMinutes(61));
    assertThat(cluster.bundles(Registration.MUTATING)).containsExactly(bundle(found));
  }

  @Test
  void both_Secrets_may_be_taken_away_at_once_while_a_process_serves() throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Credential lost = authority();
    Credential leaf = served.getLast();

    cluster.secrets.clear();

    assertThat(certificates.pass()).isEqualTo(new Standing.Good(leaf));
    assertThat(cluster.bundles(Registration.MUTATING)).containsExactly(bundle(lost, authority()));
    passFor(Duration.ofMinutes(6));
    assertThat(served.getLast().isSignedBy(authority())).isTrue();
  }

  @Test
  void an_authority_of_another_cluster_is_led_in_as_well() throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Credential ours = authority();
    Credential theirs = Fixtures.authority();
    cluster.put(
        AUTHORITY, Map.of("ca.crt", Pem.write(theirs.chain()), "ca.key", Pem.write(theirs.key())));

    certificates.pass();

    assertThat(cluster.bundles(Registration.MUTATING)).containsExactly(bundle(ours, theirs));
    assertThat(served.getLast().isSignedBy(ours)).isTrue();
    passFor(Duration.ofMinutes(6));
    assertThat(served.getLast().isSignedBy(theirs)).isTrue();
  }

  @Test
  void a_certificate_and_a_key_that_do_not_match_are_replaced_one_after_the_other()
      throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Credential mismatched = authority();
    cluster.put(
        AUTHORITY,
        Map.of(
            "ca.crt", Pem.write(mismatched.chain()),
            "ca.key", Pem.write(Fixtures.authority().key())));
    cluster.put(
        SERVING,
        Map.of(
            "tls.crt", cluster.data(SERVING).getOrDefault("tls.crt", ""),
            "tls.key", Pem.write(mismatched.key())));

    assertThat(certificates.pass()).isInstanceOf(Standing.Good.class);

    assertThat(authority()).isNotEqualTo(mismatched);
    assertThat(cluster.bundles(Registration.MUTATING))
        .containsExactly(bundle(mismatched, authority()));
  }

  @Test
  void whoever_was_slow_before_the_look_does_not_take_a_newer_bundle_away_either()
      throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Credential next = Fixtures.authority();
    cluster.beforeTheNextLook =
        () -> {
          Map<String, String> staged = new HashMap<>(cluster.data(AUTHORITY));
          staged.put("next.crt", Pem.write(next.chain()));
          staged.put("next.key", Pem.write(next.key()));
          cluster.put(AUTHORITY, staged);
          pass(process());
        };

    certificates.pass();

    assertThat(cluster.bundles(Registration.MUTATING)).containsExactly(bundle(authority(), next));
  }

  @Test
  void whoever_was_slow_does_not_take_a_newer_bundle_away() throws Exception {
    cluster.register(Registration.MUTATING, 1);
    certificates.pass();
    Credential old = authority();
    Instant due = NOW.plus(Duration.ofDays(240));
    // Somebody empties the bundle. Before the slow one has put it back, another one stages.
    cluster.register(Registration.MUTATING, 1);
    cluster.beforeTheNextInjection =
        () -> {
          now.set(due);
          pass(process());
        };

    certificates.pass();

    assertThat(cluster.bundles(Registration.MUTATING))
        .containsExactly(bundle(old, usable(cluster.authorities().next())));
  }

  @Test
  void a_configuration_that_may_not_be_read_keeps_nobody_from_serving() throws Exception {
    cluster.configurationsAreForbidden = true;

    assertThatThrownBy(certificates::pass)
        .isInstanceOf(ClusterFailedException.class)
        .hasMessage("may not read it");

    assertThat(served).hasSize(1);
    now.set(NOW.plus(Duration.ofDays(240)));
    assertThatThrownBy(() -> passFor(Duration.ofMinutes(6)))
        .isInstanceOf(ClusterFailedException.class);
  }

  @Test
  void a_clock_that_is_months_slow_serves_what_there_is_and_replaces_nothing() throws Exception {
    certificates.pass();
    Map<String, ClusterObjects.Secret.Present> before = Map.copyOf(cluster.secrets);
    now.set(NOW.minus(Duration.ofDays(100)));

    Standing standing = process().pass();

    assertThat(standing)
        .isEqualTo(
            new Standing.Wanting(
                List.of(
                    "the API server refuses the certificate: it does not begin before "
                        + authority().notBefore()
                        + "; check the clocks")));
    assertThat(cluster.secrets).isEqualTo(before);
    assertThat(served).hasSize(2).containsOnly(served.getFirst());
  }

  @Test
  void no_configuration_at_all_holds_no_change_up() throws Exception {
    certificates.pass();
    Credential old = authority();
    now.set(NOW.plus(Duration.ofDays(240)));

    passFor(Duration.ofMinutes(70));

    assertThat(authority()).isNotEqualTo(old);
    assertThat(cluster.data(AUTHORITY)).containsOnlyKeys("ca.crt", "ca.key");
    assertThat(served.getLast().isSignedBy(authority())).isTrue();
  }

  @Test
  void a_bundle_that_somebody_overwrote_is_put_back() throws Exception {
    cluster.register(Registration.MUTATING, 2);
    certificates.pass();
    cluster.register(Registration.MUTATING, 2);

    certificates.pass();

    assertThat(cluster.bundles(Registration.MUTATING)).containsOnly(Pem.write(authority().chain()));
  }

  @Test
  void a_configuration_that_is_installed_later_gets_the_bundle_then() throws Exception {
    assertThat(certificates.pass()).isInstanceOf(Standing.Good.class);
    cluster.register(Registration.MUTATING, 1);

    certificates.pass();

    assertThat(cluster.bundles(Registration.MUTATING))
        .containsExactly(Pem.write(authority().chain()));
  }

  @Test
  void a_certificate_that_cannot_be_served_is_told() throws Exception {
    ManagedCertificates refusing =
        new ManagedCertificates(
            cluster,
            _ -> new Serving.Load.Refused("no such algorithm"),
            observer,
            ISSUER,
            WANTED,
            () -> NOW);

    assertThat(refusing.pass())
        .isEqualTo(
            new Standing.Wanting(List.of("the certificate cannot be served: no such algorithm")));
    assertThat(observer.failures).isOne();
  }

  private ManagedCertificates process() {
    return new ManagedCertificates(
        cluster,
        credential -> {
          served.add(credential);
          return new Serving.Load.Loaded();
        },
        observer,
        ISSUER,
        WANTED,
        () -> now.get());
  }

  /** Passes as the loop does, but only every minute. */
  private void passFor(Duration duration) throws ClusterFailedException {
    for (long minute = 0; minute < duration.toMinutes(); minute++) {
      now.updateAndGet(before -> before.plus(Duration.ofMinutes(1)));
      certificates.pass();
    }
  }

  private static void pass(ManagedCertificates process) {
    try {
      process.pass();
    } catch (ClusterFailedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Credential authority() {
    return usable(cluster.authorities().current());
  }

  private Credential leafInSecret() {
    return usable(Credential.read(cluster.data(SERVING), "tls.crt", "tls.key"));
  }

  private static String bundle(Credential... authorities) {
    return Stream.of(authorities)
        .map(authority -> Pem.write(authority.chain()))
        .collect(Collectors.joining());
  }

  private static Credential usable(Stored<Credential> stored) {
    return switch (stored) {
      case Stored.Usable<Credential>(Credential credential) -> credential;
      case Stored<Credential> other -> throw new AssertionError("there is " + other);
    };
  }
}
