package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.Resources;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.binaries.Binaries;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.process.RefloatProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What somebody is woken for, and what they look at then. */
@ExtendWith(Lab.Shared.class)
class MonitoringIT {

  private static final Path COMPONENT =
      RefloatProgram.root().resolve("manifests/components/monitoring");
  private static final Pattern OF_REFLOAT = Pattern.compile("\\brefloat_\\w+");
  private static final Pattern SECTION = Pattern.compile("(?m)^### (\\w+)$");
  private static final Pattern TESTED = Pattern.compile("(?m)^ +alertname: (\\w+)$");

  @TempDir private Path folder;
  private Binaries tools;
  private Path rules;

  @BeforeEach
  void rulesAsPrometheusReadsThem() throws IOException {
    tools =
        BinariesBuild.binaries(
            LabSettings.fromEnvironment(),
            Progress.toStandardError(),
            Set.of(Program.PROMETHEUS, Program.PROMTOOL));
    rules = folder.resolve("rules.yaml");
    Files.writeString(rules, rule().get("spec").toString());
  }

  @Test
  void each_alert_fires_in_its_time_and_tells_a_person_what_it_means() throws IOException {
    Path tests = folder.resolve("alerts.yaml");
    Files.writeString(tests, tests());

    promtool("", "check", "rules", "--lint=all", "--lint-fatal", rules.toString());
    promtool("", "test", "rules", tests.toString());
  }

  @Test
  void each_alert_is_tested_and_has_a_section_in_the_runbooks() throws IOException {
    List<String> names = alerts().stream().map(alert -> alert.get("alert").asText()).toList();

    assertThat(found(TESTED, tests())).containsExactlyInAnyOrderElementsOf(Set.copyOf(names));
    assertThat(found(SECTION, Document.of("runbooks.md").text())).hasSameElementsAs(names);
    for (JsonNode alert : alerts()) {
      String name = alert.get("alert").asText();
      assertThat(alert.at("/annotations/runbook_url").asText())
          .isEqualTo("docs/runbooks.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
    }
  }

  @Test
  void what_both_processes_tell_is_as_Prometheus_wants_it_and_counts_from_0(Lab lab) {
    try (Scene scene = Scene.in(lab, "exposition")) {
      String controller = scene.controller().get("/metrics");
      String webhook = lab.webhook().get("/metrics");

      promtool(controller, "check", "metrics");
      promtool(webhook, "check", "metrics");
      // What begins with 1 has never increased, so that nobody would be woken by the first one.
      assertThat(controller)
          .contains(
              "refloat_recoveries_total{outcome=\"Failed\"} 0.0",
              "refloat_watch_restarts_total{why=\"Silent\"} 0.0");
      assertThat(webhook)
          .contains(
              "refloat_sweep_findings_total{outcome=\"labelled\",reason=\"OnVolume\"} ",
              "refloat_sweep_findings_total{outcome=\"unlabelled\",reason=\"NotOptedIn\"} ",
              "refloat_admission_requests_total{operation=\"validate\",outcome=\"refused\",reason=\"Busy\"} ");
    }
  }

  @Test
  void a_dashboard_shows_a_recovery_and_no_rule_asks_for_what_is_not_there(Lab lab)
      throws IOException {
    try (Scene scene = Scene.in(lab, "collected")) {
      scene.running(Scene.optedIn("db").annotation("refloat.dev/after", "5s"));
      RefloatProcess controller = scene.controller();
      try (Prometheus prometheus =
          Prometheus.collecting(
              tools.of(Program.PROMETHEUS),
              folder,
              rules,
              Map.of("refloat-controller", controller, "refloat-webhook", lab.webhook()))) {
        String lost = scene.loseNodeOf("db-0");
        scene.awaitReadyElsewhere("db-0", lost);

        Await.within(Duration.ofSeconds(30))
            .until(
                "the recovery is collected",
                () ->
                    !prometheus
                        .query("refloat_recovery_phase_seconds_count{phase=\"bound\"} > 0")
                        .isEmpty());
        SoftAssertions softly = new SoftAssertions();
        for (Panel panel : panels()) {
          softly
              .assertThat(prometheus.ever(panel.expression()))
              .as("%s: %s", panel.title(), panel.expression())
              .isNotEmpty();
        }
        softly
            .assertThat(prometheus.metrics())
            .as("metrics that rules ask for")
            .containsAll(
                alerts().stream()
                    .flatMap(alert -> found(OF_REFLOAT, alert.get("expr").asText()).stream())
                    .toList());
        softly
            .assertThat(prometheus.rules())
            .as("rules by what became of them")
            .containsOnlyKeys("ok");
        softly.assertAll();
      }
    }
  }

  /**
   * A question of the dashboard.
   *
   * @param expression with values for what Grafana would put in
   */
  private record Panel(String title, String expression) {}

  private static List<Panel> panels() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(Files.readString(COMPONENT.resolve("dashboard.json")));
    List<Panel> panels = new ArrayList<>();
    for (JsonNode panel : dashboard.get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        panels.add(
            new Panel(
                panel.get("title").asText(),
                target
                    .get("expr")
                    .asText()
                    .replace("$namespace", ".*")
                    .replace("$__rate_interval", "10s")
                    .replace("$__range", "1m")));
      }
    }
    assertThat(panels).hasSizeGreaterThan(20);
    return panels;
  }

  private static JsonNode rule() throws IOException {
    var objects = YamlObjects.byName(Files.readString(COMPONENT.resolve("rules.yaml")));
    return Optional.ofNullable(objects.get("PrometheusRule refloat-system refloat")).orElseThrow();
  }

  private static List<JsonNode> alerts() throws IOException {
    return rule().at("/spec/groups").findParents("alert");
  }

  private static String tests() {
    return Resources.beside(MonitoringIT.class, "alerts.yaml");
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(found.groupCount()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void promtool(String input, String... arguments) {
    var _ =
        Terminal.run(
                Stream.concat(
                        Stream.of(tools.of(Program.PROMTOOL).toString()), Stream.of(arguments))
                    .toList(),
                Map.of(),
                input)
            .ofSuccess("promtool", arguments);
  }
}
