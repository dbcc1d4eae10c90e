package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.authority;
import static dev.refloat.certs.Fixtures.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.KeyPairGenerator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialTest {

  private final Credential authority = authority();
  private final Credential leaf = leaf(authority);

  @Test
  void reads_what_was_written() {
    assertThat(read(texts(leaf))).isEqualTo(new Stored.Usable<>(leaf));
  }

  @Test
  void reads_a_chain() {
    Credential chain =
        new Credential(List.of(leaf.certificate(), authority.certificate()), leaf.key());

    assertThat(read(texts(chain))).isEqualTo(new Stored.Usable<>(chain));
  }

  @Test
  void reads_the_older_form_of_ec_keys_that_openssl_writes() throws Exception {
    Map<String, String> texts = texts(leaf);
    byte[] sec1 =
        PrivateKeyInfo.getInstance(leaf.key().getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    // SEC 1 allows the curve to be left out where PKCS#8 names it; openssl always writes it.
    byte[] withCurve =
        new ECPrivateKey(
                256,
                ECPrivateKey.getInstance(sec1).getKey(),
                PrivateKeyInfo.getInstance(leaf.key().getEncoded())
                    .getPrivateKeyAlgorithm()
                    .getParameters())
            .getEncoded();
    texts.put("tls.key", pem("EC PRIVATE KEY", withCurve));

    // The same key, but not equal: it is written without the public half.
    assertThat(read(texts)).isInstanceOf(Stored.Usable.class);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          tls.crt, '',                         has no tls.crt
          tls.key, '',                         has no tls.key
          tls.crt, '   ',                      has no tls.crt
          tls.crt, garbage,                    has a tls.crt that holds no certificate
          tls.key, garbage,                    has a tls.key that holds no unencrypted private key
          tls.crt, -----BEGIN CERTIFICATE-----, has a tls.crt that is not PEM
          """)
  void says_what_cannot_be_used(String name, String text, String why) {
    Map<String, String> texts = texts(leaf);
    texts.put(name, text);

    assertThat(read(texts)).isEqualTo(new Stored.Unusable<Credential>(why));
  }

  @Test
  void says_when_the_pem_holds_something_that_is_no_certificate() {
    Map<String, String> texts = texts(leaf);
    texts.put("tls.crt", pem("CERTIFICATE", new byte[] {1, 2, 3}));

    assertThat(read(texts))
        .isEqualTo(new Stored.Unusable<Credential>("has a tls.crt that is not PEM"));

    texts.put("tls.crt", Pem.write(leaf.key()));
    assertThat(read(texts))
        .isEqualTo(
            new Stored.Unusable<Credential>(
                "has a tls.crt that holds something other than certificates"));
  }

  @Test
  void says_when_certificate_and_key_do_not_belong_together() throws Exception {
    Map<String, String> texts = texts(leaf);
    texts.put("tls.key", Pem.write(leaf(authority).key()));

    assertThat(read(texts))
        .isEqualTo(
            new Stored.Unusable<Credential>("has a tls.key that does not belong to its tls.crt"));

    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    texts.put("tls.key", Pem.write(rsa.generateKeyPair().getPrivate()));
    assertThat(read(texts)).isInstanceOf(Stored.Unusable.class);
  }

  @Test
  void never_prints_its_key() {
    String secret = Pem.write(leaf.key()).lines().skip(1).findFirst().orElseThrow();

    assertThat(leaf.toString()).contains("CN=refloat-webhook").doesNotContain(secret);
    assertThat(new ClusterObjects.Secret.Present("7", texts(leaf)).toString())
        .isEqualTo("Present[version=7, data=[tls.crt, tls.key]]");
  }

  private static Stored<Credential> read(Map<String, String> texts) {
    return Credential.read(texts, "tls.crt", "tls.key");
  }

  private static Map<String, String> texts(Credential credential) {
    return new HashMap<>(
        Map.of("tls.crt", Pem.write(credential.chain()), "tls.key", Pem.write(credential.key())));
  }

  private static String pem(String kind, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(kind, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
