package dev.refloat.certs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A certificate that somebody else, such as cert-manager, keeps in files. Who does that gives the
 * API server the CA as well.
 *
 * <p>Files are compared by content, since mounted Secrets change by swapping a link, which changes
 * no file's time. A look in the middle of a swap finds a key that does not belong to its
 * certificate, so that a look which fails is followed by another one at once. What is of no use
 * takes nothing away from what is served: all replicas read the same files, and would have to stand
 * aside together.
 */
public final class CertificateFiles implements Certificates {

  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  /** A Secret has at most 1 MiB. */
  private static final long LARGEST = 1024 * 1024;

  private final Path folder;
  private final Serving server;
  private final CertificateObserver observer;
  private final InstantSource time;
  private final Reader reader;

  private Optional<Credential> served = Optional.empty();

  /** Reads a file. */
  @FunctionalInterface
  interface Reader {
    String text(Path file) throws IOException;
  }

  public CertificateFiles(
      Path folder, Serving server, CertificateObserver observer, InstantSource time) {
    this(folder, server, observer, time, CertificateFiles::read);
  }

  CertificateFiles(
      Path folder,
      Serving server,
      CertificateObserver observer,
      InstantSource time,
      Reader reader) {
    this.reader = reader;
    this.time = time;
    this.folder = folder;
    this.server = new ObservedServing(server, observer);
    this.observer = observer;
  }

  @Override
  public Standing pass() {
    Stored<Credential> first = look();
    return switch (first instanceof Stored.Usable<Credential> ? first : look()) {
      case Stored.Absent<Credential>() -> unread("is empty");
      case Stored.Unusable<Credential>(String why) -> unread(why);
      case Stored.Usable<Credential>(Credential credential) ->
          outOfTime(credential).map(this::unread).orElseGet(() -> serve(credential));
    };
  }

  private Standing serve(Credential credential) {
    return switch (server.serve(credential)) {
      case Serving.Load.Loaded(), Serving.Load.Unchanged() -> {
        served = Optional.of(credential);
        yield new Standing.Good(credential);
      }
      case Serving.Load.Refused(String why) ->
          wanting("holds a certificate that cannot be served: " + why);
    };
  }

  /** Why an API server would refuse it, if it has another clock than we at most by seconds. */
  private Optional<String> outOfTime(Credential credential) {
    Instant now = time.instant();
    if (!now.isBefore(credential.notAfter())) {
      return Optional.of("holds a certificate that has ended at " + credential.notAfter());
    }
    return now.isBefore(credential.notBefore())
        ? Optional.of(
            "holds a certificate that does not begin before "
                + credential.notBefore()
                + "; check the clocks")
        : Optional.empty();
  }

  private Stored<Credential> look() {
    try {
      return Credential.read(
          Map.of(
              CERTIFICATE,
              reader.text(folder.resolve(CERTIFICATE)),
              KEY,
              reader.text(folder.resolve(KEY))),
          CERTIFICATE,
          KEY);
    } catch (IOException e) {
      return new Stored.Unusable<>("cannot be read: " + e);
    }
  }

  private static String read(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + " has more than " + LARGEST + " bytes");
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private Standing unread(String what) {
    observer.loadFailed();
    return wanting(what);
  }

  private Standing wanting(String what) {
    List<String> missing = List.of("the folder " + folder + " " + what);
    return served
        .<Standing>map(good -> new Standing.Kept(good, missing))
        .orElseGet(() -> new Standing.Wanting(missing));
  }
}
