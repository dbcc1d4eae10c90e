package dev.refloat.lab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The API server's audit log, read as it grows. Exact: the API server writes every answer of the
 * clients that the policy names before it sends it.
 */
final class AuditLog {

  /** The scheduler's writes are when a pod was said to be unschedulable. */
  static final String SCHEDULER = "system:kube-scheduler";

  /** Nothing is written about anybody else: logging costs the API server time as well. */
  static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - level: Metadata
        users: ["%s", "%s"]
      - level: Metadata
        users: ["%s"]
        verbs: [patch]
        resources:
        - group: ""
          resources: [pods/status]
      - level: None
      """
          .formatted(Accounts.CONTROLLER_USER, Accounts.FLOOR_USER, SCHEDULER);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final List<AuditEntry> entries = new ArrayList<>();
  private long offset;

  AuditLog(Path file) {
    this.file = file;
  }

  /** Returns what {@code user} was answered from then on, oldest first. */
  List<AuditEntry> of(String user, Instant from) {
    return entries().stream()
        .filter(entry -> entry.user().equals(user) && !entry.at().isBefore(from))
        .toList();
  }

  /** Returns all answers so far. */
  synchronized List<AuditEntry> entries() {
    if (Files.exists(file)) {
      readOn();
    }
    return List.copyOf(entries);
  }

  private void readOn() {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      log.seek(offset);
      byte[] more = new byte[(int) Math.min(log.length() - offset, Integer.MAX_VALUE - 8)];
      log.readFully(more);
      int line = 0;
      for (int i = 0; i < more.length; i++) {
        if (more[i] == '\n') {
          keep(new String(more, line, i - line, StandardCharsets.UTF_8));
          line = i + 1;
        }
      }
      offset += line; // what follows is being written
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private void keep(String line) throws JsonProcessingException {
    AuditEntry.of(JSON.readTree(line)).ifPresent(entries::add);
  }
}
