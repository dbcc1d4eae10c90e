package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.ISSUER;
import static dev.refloat.certs.Fixtures.NOW;
import static dev.refloat.certs.Fixtures.authority;
import static dev.refloat.certs.Fixtures.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {

  @TempDir Path folder;

  private final List<Credential> served = new ArrayList<>();
  private Instant now = NOW;
  private final RecordingObserver observer = new RecordingObserver();
  private final Credential authority = authority();

  @Test
  void serves_what_the_files_hold() throws Exception {
    Credential leaf = leaf(authority);
    write(folder, leaf);

    assertThat(certificates(folder).pass()).isEqualTo(new Standing.Good(leaf));
    assertThat(served).containsExactly(leaf);
  }

  @Test
  void follows_a_link_that_is_swapped_atomically_as_the_kubelet_does_with_a_Secret_of_cert_manager()
      throws Exception {
    Credential old = leaf(authority);
    Credential fresh = leaf(authority);
    write(Files.createDirectory(folder.resolve("..1")), old);
    write(Files.createDirectory(folder.resolve("..2")), fresh);
    Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/tls.crt"));
    Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/tls.key"));
    CertificateFiles certificates = certificates(folder);

    certificates.pass();
    Files.move(
        Files.createSymbolicLink(folder.resolve("..new"), Path.of("..2")),
        data,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    certificates.pass();

    assertThat(served).containsExactly(old, fresh);
  }

  @Test
  void says_what_is_missing_and_serves_nothing_else() throws Exception {
    assertThat(missing(certificates(folder))).contains("cannot be read").contains("tls.crt");

    write(folder, leaf(authority));
    Files.writeString(folder.resolve("tls.key"), Pem.write(leaf(authority).key()));
    assertThat(missing(certificates(folder)))
        .isEqualTo("the folder " + folder + " has a tls.key that does not belong to its tls.crt");

    assertThat(served).isEmpty();
    assertThat(observer.failures).isEqualTo(2);
  }

  @Test
  void garbage_does_not_take_away_what_is_served_and_is_followed_by_what_comes_next()
      throws Exception {
    Credential first = leaf(authority);
    Credential fresh = leaf(authority);
    write(folder, first);
    CertificateFiles certificates = certificates(folder);
    certificates.pass();

    Files.writeString(folder.resolve("tls.crt"), "garbage");
    assertThat(certificates.pass())
        .isEqualTo(
            new Standing.Kept(
                first,
                List.of("the folder " + folder + " has a tls.crt that holds no certificate")));
    write(folder, fresh);

    assertThat(certificates.pass()).isEqualTo(new Standing.Good(fresh));
    assertThat(served).hasSize(2);
    assertThat(observer.failures).isOne();
    assertThat(observer.happened).containsExactly("SERVING loaded", "SERVING loaded");
  }

  @Test
  void a_look_in_the_middle_of_a_swap_is_followed_by_another_one() throws Exception {
    Credential fresh = leaf(authority);
    write(folder, leaf(authority));
    CertificateFiles certificates =
        new CertificateFiles(
            folder,
            _ -> new Serving.Load.Loaded(),
            observer,
            () -> NOW,
            file -> {
              String text = Files.readString(file);
              write(folder, fresh);
              return text;
            });

    assertThat(certificates.pass()).isEqualTo(new Standing.Good(fresh));
    assertThat(observer.failures).isZero();
  }

  @Test
  void one_that_has_ended_or_not_begun_does_not_take_the_place_of_a_good_one() throws Exception {
    Credential first = leaf(authority);
    write(folder, first);
    CertificateFiles certificates = certificates(folder);
    certificates.pass();
    Credential ended =
        ISSUER.leaf(authority, first.hosts(), NOW.minus(Duration.ofDays(9)), Duration.ofDays(8));
    Credential early =
        ISSUER.leaf(authority, first.hosts(), NOW.plus(Duration.ofDays(1)), Duration.ofDays(8));

    for (Credential useless : List.of(ended, early)) {
      write(folder, useless);

      assertThat(certificates.pass())
          .isInstanceOfSatisfying(
              Standing.Kept.class,
              kept -> {
                assertThat(kept.serving()).isEqualTo(first);
                assertThat(kept.missing())
                    .singleElement()
                    .asString()
                    .containsAnyOf(
                        "has ended at " + ended.notAfter(),
                        "does not begin before " + early.notBefore() + "; check the clocks");
              });
    }
    assertThat(served).containsExactly(first);
    assertThat(observer.failures).isEqualTo(2);
  }

  @Test
  void one_that_has_ended_is_not_served_where_there_is_no_other() throws Exception {
    Credential leaf = leaf(authority);
    write(folder, leaf);
    now = leaf.notAfter();

    assertThat(missing(certificates(folder))).endsWith("has ended at " + leaf.notAfter());
    assertThat(served).isEmpty();
  }

  @Test
  void one_that_the_server_refuses_is_told() throws Exception {
    write(folder, leaf(authority));
    CertificateFiles certificates =
        new CertificateFiles(
            folder, _ -> new Serving.Load.Refused("no such algorithm"), observer, () -> NOW);

    assertThat(certificates.pass())
        .isEqualTo(
            new Standing.Wanting(
                List.of(
                    "the folder "
                        + folder
                        + " holds a certificate that cannot be served: no such algorithm")));
    assertThat(observer.failures).isOne();
  }

  private CertificateFiles certificates(Path where) {
    return new CertificateFiles(
        where,
        credential -> {
          served.add(credential);
          return new Serving.Load.Loaded();
        },
        observer,
        () -> now);
  }

  private static String missing(CertificateFiles certificates) {
    return certificates.pass() instanceof Standing.Wanting(List<String> missing)
        ? missing.getFirst()
        : "nothing";
  }

  private static void write(Path where, Credential credential) throws IOException {
    Files.writeString(where.resolve("tls.crt"), Pem.write(credential.chain()));
    Files.writeString(where.resolve("tls.key"), Pem.write(credential.key()));
  }
}
