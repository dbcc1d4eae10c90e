package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.faults.Exchange;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be read afterwards about what was done. */
@ExtendWith(Lab.Shared.class)
class AuditIT {

  /** As a document and a run differ: in times, in names, and in the width of columns. */
  private static final List<Pattern> VARYING =
      List.of(
          Pattern.compile("\\b(?:\\d+m)?\\d+s\\b"),
          Pattern.compile("\\S*\\bn[123]\\b"),
          Pattern.compile("pvc-[0-9a-f-]{36}"),
          Pattern.compile("-n \\S+"),
          Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}Z"),
          Pattern.compile(" {2,}"));

  @Test
  void each_write_of_a_recovery_has_a_line_that_says_who_what_and_why(Lab lab) {
    try (Scene scene = Scene.in(lab, "audit")) {
      scene.running(Scene.optedIn("db"));
      FaultProxy proxy = scene.proxy();
      RefloatProcess controller = scene.controllerBehind(proxy);

      String lost = scene.loseNodeOf("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");

      assertThat(
              proxy.recording().of(scene.recoveryWrites()).exchanges().stream()
                  .filter(Exchange::succeeded)
                  .map(exchange -> exchange.request().verb() + " " + exchange.request().resource()))
          .containsExactly(
              "PATCH persistentvolumes",
              "DELETE persistentvolumeclaims",
              "DELETE pods",
              "PATCH persistentvolumeclaims");
      List<LogLine> lines =
          controller.log().stream().filter(line -> line.get("by").isPresent()).toList();
      assertThat(lines)
          .extracting(LogLine::message)
          .containsExactly(
              "Volume is set to Retain, its data stays on the disk",
              "Successfully deleted PVC",
              "Successfully deleted pod",
              "New claim is marked with its attempt");
      assertThat(lines)
          .allSatisfy(
              line -> {
                assertThat(line.get("by")).contains(Scene.instance(controller));
                assertThat(line.get("uid")).hasValueSatisfying(uid -> assertThat(uid).hasSize(36));
                assertThat(line.get("why")).isNotEmpty();
                assertThat(line.get("dryRun")).contains("false");
              });
    }
  }

  @Test
  void what_kubectl_shows_of_a_recovery_is_what_the_manual_quotes(Lab lab) {
    try (Scene scene = Scene.in(lab, "described")) {
      Kubectl kubectl = Kubectl.in(lab.controlPlane(), scene.world().namespace());
      scene.running(Scene.plain("db").annotation("refloat.dev/recover", "true"));
      RefloatProcess controller = scene.controller("REFLOAT_GRACE_NODE_GONE", "10s");
      String lost = scene.loseNodeOf("db-0");
      scene.awaitTold("GracePeriod Pod db-0");

      List<String> shown = new ArrayList<>(shows(kubectl, "describe pod db-0"));
      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      scene.awaitTold("Refloated Pod db-0", "Refloated StatefulSet db");
      shown.addAll(shows(kubectl, "describe pod db-0"));
      shown.addAll(shows(kubectl, "describe statefulset db"));
      shown.addAll(shows(kubectl, "events --for pvc/data-db-0"));

      assertThat(shown.stream().map(AuditIT::likened))
          .as("as it was: %s", String.join("\n", shown))
          .containsExactlyElementsOf(
              Document.of("operations.md").commands("What kubectl shows of it").stream()
                  .map(AuditIT::likened)
                  .toList());
    }
  }

  /** Returns the command, and of what it shows what Refloat says. */
  private static List<String> shows(Kubectl kubectl, String command) {
    Predicate<String> ours =
        line -> line.contains("refloat.dev/controller") || line.contains("ClaimDeleted");
    return Stream.concat(
            Stream.of("kubectl " + command + " -n shop"),
            kubectl.says(command.split(" ", -1)).lines().filter(ours))
        .toList();
  }

  private static String likened(String line) {
    String likened = line.strip();
    for (Pattern pattern : VARYING) {
      likened = pattern.matcher(likened).replaceAll("...");
    }
    return likened;
  }
}
