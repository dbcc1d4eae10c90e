package dev.refloat.process;

import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;

/**
 * Looks whether what a configuration trusts is certificates at all: of a text without any, fabric8
 * makes an empty list, and the first request fails with words about paths and anchors.
 */
final class Authorities {

  private Authorities() {}

  static void check(Config config) throws GeneralSecurityException, IOException {
    if (config.getCaCertData() != null) {
      byte[] data = Base64.getMimeDecoder().decode(config.getCaCertData());
      check(new ByteArrayInputStream(data), "certificate-authority-data");
    } else if (config.getCaCertFile() != null) {
      try (InputStream data = Files.newInputStream(Path.of(config.getCaCertFile()))) {
        check(data, config.getCaCertFile());
      }
    }
  }

  private static void check(InputStream data, String name) throws GeneralSecurityException {
    if (CertificateFactory.getInstance("X.509").generateCertificates(data).isEmpty()) {
      throw new CertificateException(name + " holds no certificate");
    }
  }
}
