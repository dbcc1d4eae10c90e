package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.ISSUER;
import static dev.refloat.certs.Fixtures.NOW;
import static dev.refloat.certs.Fixtures.WANTED;
import static dev.refloat.certs.ManagedCertificates.AUTHORITY_SECRET;
import static dev.refloat.certs.ManagedCertificates.SERVING_SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.certs.ClusterObjects.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ManagedCertificatesTest {

  private final InMemoryCluster cluster = new InMemoryCluster();
  private final List<Credential> served = new ArrayList<>();
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
    cluster.beforeTheNextWrite =
        () -> {
          try {
            process().pass();
          } catch (ClusterFailedException e) {
            throw new IllegalStateException(e);
          }
        };

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
    cluster.put(AUTHORITY_SECRET, Map.of());
    cluster.put(SERVING_SECRET, Map.of("tls.crt", "garbage", "tls.key", "", "note", "mine"));

    assertThat(certificates.pass()).isInstanceOf(Standing.Good.class);

    assertThat(served.getLast().isSignedBy(authority())).isTrue();
    assertThat(cluster.data(SERVING_SECRET)).containsEntry("note", "mine");
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
        AUTHORITY_SECRET,
        Map.of("ca.crt", Pem.write(other.chain()), "ca.key", Pem.write(other.key())));

    process().pass();

    assertThat(served.getLast().isSignedBy(other)).isTrue();
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
            cluster, _ -> new Serving.Load.Refused("no such algorithm"), ISSUER, WANTED, () -> NOW);

    assertThat(refusing.pass())
        .isEqualTo(
            new Standing.Wanting(List.of("the certificate cannot be served: no such algorithm")));
  }

  private ManagedCertificates process() {
    return new ManagedCertificates(
        cluster,
        credential -> {
          served.add(credential);
          return new Serving.Load.Loaded();
        },
        ISSUER,
        WANTED,
        () -> now.get());
  }

  private Credential authority() {
    return switch (Credential.read(cluster.data(AUTHORITY_SECRET), "ca.crt", "ca.key")) {
      case Stored.Usable<Credential>(Credential authority) -> authority;
      case Stored<Credential> other -> throw new AssertionError("there is " + other);
    };
  }
}
