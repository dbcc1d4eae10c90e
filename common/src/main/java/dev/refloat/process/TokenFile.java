package dev.refloat.process;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs in with the token that a file holds at this moment.
 *
 * <p>The kubelet replaces a pod's token when four fifths of its life, usually an hour, are over.
 * The file is small and read for each request, so that no timer can be too late. While it cannot be
 * read, or is empty, the token before it goes on: it is good for a while yet.
 */
final class TokenFile implements OAuthTokenProvider {

  private static final Logger log = LoggerFactory.getLogger(TokenFile.class);

  private final Path file;
  private volatile String latest = "";

  TokenFile(Path file) {
    this.file = file;
  }

  @Override
  public String getToken() {
    try {
      String token = Files.readString(file).strip();
      if (!token.isEmpty()) {
        latest = token;
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("file", file).setCause(e).log("Failed to read the token");
    }
    return latest;
  }
}
