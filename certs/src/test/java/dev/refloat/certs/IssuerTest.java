package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.ISSUER;
import static dev.refloat.certs.Fixtures.NOW;
import static dev.refloat.certs.Fixtures.QUARTER;
import static dev.refloat.certs.Fixtures.YEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IssuerTest {

  private static final int KEY_CERT_SIGN = 5;
  private static final int DIGITAL_SIGNATURE = 0;

  private final Credential authority = ISSUER.authority(NOW, YEAR);

  @Test
  void an_authority_signs_certificates_but_no_other_authority() {
    X509Certificate certificate = authority.certificate();

    assertThat(certificate.getBasicConstraints()).isZero();
    assertThat(certificate.getKeyUsage()[KEY_CERT_SIGN]).isTrue();
    assertThat(certificate.getKeyUsage()[DIGITAL_SIGNATURE]).isFalse();
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(certificate.getPublicKey().toString()).contains("secp256r1");
    assertThat(authority.isSignedBy(authority)).isTrue();
  }

  @Test
  void certificates_begin_an_hour_ago_and_last_as_long_as_was_asked_for() {
    Credential leaf = Fixtures.leaf(authority);

    assertThat(authority.notBefore()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(authority.notAfter()).isEqualTo(NOW.plus(YEAR));
    assertThat(authority.life()).isEqualTo(YEAR);
    assertThat(leaf.notBefore()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(leaf.notAfter()).isEqualTo(NOW.plus(QUARTER));
    assertThat(leaf.life()).isEqualTo(QUARTER);
  }

  @Test
  void a_leaf_never_outlives_its_authority() {
    Credential old = ISSUER.authority(NOW, Duration.ofDays(10));

    assertThat(Fixtures.leaf(old).notAfter()).isEqualTo(old.notAfter());
  }

  @Test
  void a_leaf_is_good_for_servers_of_these_names_and_addresses() throws Exception {
    Credential leaf = Fixtures.leaf(authority, List.of("Some.Where.svc", "::1", "10.0.0.7"));

    assertThat(leaf.hosts())
        .containsExactlyInAnyOrder(
            Host.of("some.where.svc"), Host.of("0:0::1"), Host.of("10.0.0.7"));
    assertThat(leaf.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.certificate().getBasicConstraints()).isNegative();
    assertThat(leaf.certificate().getKeyUsage()[DIGITAL_SIGNATURE]).isTrue();
    assertThat(leaf.certificate().getKeyUsage()[KEY_CERT_SIGN]).isFalse();
  }

  @Test
  void the_jdk_accepts_a_leaf_by_its_authority() throws Exception {
    Credential leaf = Fixtures.leaf(authority);
    PKIXParameters trust =
        new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
    trust.setRevocationEnabled(false);
    trust.setDate(Date.from(NOW));

    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(leaf.chain()), trust);
  }

  @Test
  void no_two_serial_numbers_are_the_same_and_all_are_positive() {
    List<X509Certificate> many =
        IntStream.range(0, 20).mapToObj(_ -> Fixtures.leaf(authority).certificate()).toList();

    assertThat(many).extracting(X509Certificate::getSerialNumber).doesNotHaveDuplicates();
    assertThat(many).allSatisfy(each -> assertThat(each.getSerialNumber()).isPositive());
    assertThat(many).extracting(X509Certificate::getPublicKey).doesNotHaveDuplicates();
  }

  @Test
  void a_leaf_for_nobody_is_a_mistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ISSUER.leaf(authority, List.of(), NOW, QUARTER))
        .withMessageContaining("hosts is empty");
  }
}
