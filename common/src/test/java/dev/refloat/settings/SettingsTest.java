package dev.refloat.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.settings.Parsed.Bad;
import dev.refloat.settings.Parsed.Good;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final SharedSettings SHARED_DEFAULTS =
      new SharedSettings(
          new WatchedNamespaces.All(),
          false,
          new LogSettings(LogLevel.INFO, LogFormat.JSON),
          new HostAndPort("0.0.0.0", 8080),
          "refloat-system",
          Optional.empty());

  @Test
  void the_controller_starts_with_nothing_set() {
    assertThat(Settings.controller(Map.of()))
        .isEqualTo(
            new Good<>(
                new ControllerSettings(
                    SHARED_DEFAULTS,
                    new Graces(
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10)),
                    Duration.ofMinutes(5),
                    10,
                    30,
                    new Percentage(33),
                    Set.of(),
                    Set.of(),
                    true)));
  }

  @Test
  void the_webhook_starts_with_nothing_set() {
    assertThat(Settings.webhook(Map.of()))
        .isEqualTo(
            new Good<>(
                new WebhookSettings(
                    SHARED_DEFAULTS,
                    new HostAndPort("0.0.0.0", 8443),
                    "refloat",
                    List.of(
                        "refloat-webhook",
                        "refloat-webhook.refloat-system",
                        "refloat-webhook.refloat-system.svc"),
                    new CertificateSource.Managed(),
                    Duration.ofDays(365),
                    Duration.ofDays(90),
                    Duration.ofSeconds(10),
                    Set.of(),
                    Set.of())));
  }

  @Test
  void every_setting_of_the_controller_can_be_set() {
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("WATCHED_NAMESPACES", "shop, bank ,shop"),
            Map.entry("DRY_RUN", "TRUE"),
            Map.entry("LOG_LEVEL", "Warn"),
            Map.entry("LOG_FORMAT", "text"),
            Map.entry("REFLOAT_HTTP_ADDRESS", "[::1]:0"),
            Map.entry("POD_NAMESPACE", "elsewhere"),
            Map.entry("KUBECONFIG", "/home/me/.kube/config"),
            Map.entry("REFLOAT_GRACE_NODE_GONE", "500ms"),
            Map.entry("REFLOAT_GRACE_NODE_NOT_READY", "1h30m"),
            Map.entry("REFLOAT_GRACE_NODE_CORDONED", "0s"),
            Map.entry("REFLOAT_GRACE_NODE_TAINTED", "24h"),
            Map.entry("REFLOAT_COOLDOWN", "1h"),
            Map.entry("REFLOAT_MAX_CONCURRENT", "1"),
            Map.entry("REFLOAT_RECOVERIES_PER_MINUTE", "600"),
            Map.entry("REFLOAT_BRAKE", "100%"),
            Map.entry("REFLOAT_LOCAL_PROVISIONERS", "local.csi.example.com,example.com/disk"),
            Map.entry("REFLOAT_TOPOLOGY_KEYS", "topology.example.com/node"),
            Map.entry("REFLOAT_LEADER_ELECTION", "false"));

    assertThat(Settings.controller(environment))
        .isEqualTo(
            new Good<>(
                new ControllerSettings(
                    new SharedSettings(
                        new WatchedNamespaces.Only(Set.of("bank", "shop")),
                        true,
                        new LogSettings(LogLevel.WARN, LogFormat.TEXT),
                        new HostAndPort("::1", 0),
                        "elsewhere",
                        Optional.of("/home/me/.kube/config")),
                    new Graces(
                        Duration.ofMillis(500),
                        Duration.ofMinutes(90),
                        Duration.ZERO,
                        Duration.ofHours(24)),
                    Duration.ofHours(1),
                    1,
                    600,
                    new Percentage(100),
                    Set.of("example.com/disk", "local.csi.example.com"),
                    Set.of("topology.example.com/node"),
                    false)));
  }

  @Test
  void every_setting_of_the_webhook_can_be_set() {
    Map<String, String> environment =
        Map.of(
            "POD_NAMESPACE", "elsewhere",
            "REFLOAT_WEBHOOK_ADDRESS", "127.0.0.1:9443",
            "REFLOAT_WEBHOOK_CONFIGURATION", "refloat-2",
            "REFLOAT_WEBHOOK_HOSTS", "127.0.0.1,localhost,::1",
            "REFLOAT_CERTIFICATES", "files:/certificates",
            "REFLOAT_CA_LIFETIME", "1m",
            "REFLOAT_CERTIFICATE_LIFETIME", "30s",
            "REFLOAT_DRAIN_DELAY", "0s");

    assertThat(good(Settings.webhook(environment)))
        .isEqualTo(
            new WebhookSettings(
                new SharedSettings(
                    new WatchedNamespaces.All(),
                    false,
                    new LogSettings(LogLevel.INFO, LogFormat.JSON),
                    new HostAndPort("0.0.0.0", 8080),
                    "elsewhere",
                    Optional.empty()),
                new HostAndPort("127.0.0.1", 9443),
                "refloat-2",
                List.of("127.0.0.1", "localhost", "::1"),
                new CertificateSource.Files("/certificates"),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                Duration.ZERO,
                Set.of(),
                Set.of()));
  }

  @Test
  void the_certificate_names_the_service_in_its_own_namespace() {
    assertThat(good(Settings.webhook(Map.of("POD_NAMESPACE", "elsewhere"))).hosts())
        .contains("refloat-webhook.elsewhere.svc");
  }

  @Test
  void an_empty_or_blank_text_counts_as_not_set() {
    Map<String, String> blank = new TreeMap<>();
    Contract.ALL.forEach(setting -> blank.put(setting.name(), " \n"));
    Map<String, String> empty = new TreeMap<>();
    Contract.ALL.forEach(setting -> empty.put(setting.name(), ""));

    assertThat(Settings.controller(blank)).isEqualTo(Settings.controller(Map.of()));
    assertThat(Settings.webhook(empty)).isEqualTo(Settings.webhook(Map.of()));
  }

  @Test
  void blanks_around_a_text_do_not_count() {
    assertThat(good(Settings.controller(Map.of("REFLOAT_BRAKE", " 50%\n"))).brake())
        .isEqualTo(new Percentage(50));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          WATCHED_NAMESPACES            | ','                 | between the commas the name of a namespace such as localstorage-poc, which is not what "" is
          WATCHED_NAMESPACES            | 'shop,,bank'        | between the commas the name of a namespace such as localstorage-poc, which is not what "" is
          WATCHED_NAMESPACES            | 'Shop,bank,b@nk'    | between the commas the name of a namespace such as localstorage-poc, which is not what "Shop", "b@nk" is
          DRY_RUN                       | yes                 | true or false
          DRY_RUN                       | 1                   | true or false
          LOG_LEVEL                     | verbose             | one of debug, info, warn, error
          LOG_FORMAT                    | xml                 | one of json, text
          REFLOAT_GRACE_NODE_GONE       | 15                  | a duration such as 500ms, 15s, 10m or 1h30m
          REFLOAT_GRACE_NODE_GONE       | -1s                 | a duration such as 500ms, 15s, 10m or 1h30m
          REFLOAT_GRACE_NODE_GONE       | 24h1ms              | a duration from 0s to 24h
          REFLOAT_COOLDOWN              | 61m                 | a duration from 0s to 1h
          REFLOAT_MAX_CONCURRENT        | 0                   | a whole number from 1 to 50
          REFLOAT_MAX_CONCURRENT        | ten                 | a whole number from 1 to 50
          REFLOAT_RECOVERIES_PER_MINUTE | 99999999999         | a whole number from 1 to 6000
          REFLOAT_BRAKE                 | 33                  | a whole percentage from 0% to 100%
          REFLOAT_BRAKE                 | 101%                | a whole percentage from 0% to 100%
          REFLOAT_BRAKE                 | 0.5%                | a whole percentage from 0% to 100%
          REFLOAT_LOCAL_PROVISIONERS    | 'a/b/c'             | between the commas a provisioner such as rancher.io/local-path, which is not what "a/b/c" is
          REFLOAT_TOPOLOGY_KEYS         | 'topology.kubernetes.io/zone' | between the commas the key of a label that tells one node from all others, such as topology.example.com/node, which is not what "topology.kubernetes.io/zone" is
          REFLOAT_LEADER_ELECTION       | on                  | true or false
          REFLOAT_HTTP_ADDRESS          | 8080                | an IP address of this machine and a port from 0 to 65535 such as 0.0.0.0:8080 or [::]:0
          REFLOAT_HTTP_ADDRESS          | '0.0.0.0:65536'     | an IP address of this machine and a port from 0 to 65535 such as 0.0.0.0:8080 or [::]:0
          REFLOAT_HTTP_ADDRESS          | '300.0.0.1:80'      | an IP address of this machine and a port from 0 to 65535 such as 0.0.0.0:8080 or [::]:0
          REFLOAT_HTTP_ADDRESS          | 'db.example.com:80' | an IP address of this machine and a port from 0 to 65535 such as 0.0.0.0:8080 or [::]:0
          POD_NAMESPACE                 | Refloat             | the name of a namespace such as refloat-system
          """)
  void the_controller_refuses(String name, String text, String expected) {
    assertThat(problems(Settings.controller(Map.of(name, text))))
        .containsExactly(name + " is \"" + text + "\"; expected " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          REFLOAT_WEBHOOK_ADDRESS       | 'localhost'         | an IP address of this machine and a port from 0 to 65535 such as 0.0.0.0:8080 or [::]:0
          REFLOAT_WEBHOOK_CONFIGURATION | 'Refloat_1'         | the name of an object in Kubernetes: at most 253 of a-z, 0-9, '-' and '.'
          REFLOAT_WEBHOOK_HOSTS         | '*.example.com,a_b,1.2.3' | between the commas a DNS name such as refloat-webhook.refloat-system.svc, or an IP address, which is not what "*.example.com", "a_b", "1.2.3" is
          REFLOAT_CERTIFICATES          | 'files:here'        | managed, or files: and an absolute folder such as files:/certificates
          REFLOAT_CERTIFICATES          | 'cert-manager'      | managed, or files: and an absolute folder such as files:/certificates
          REFLOAT_CA_LIFETIME           | 9s                  | a duration from 10s to 87600h
          REFLOAT_CERTIFICATE_LIFETIME  | 1y                  | a duration such as 500ms, 15s, 10m or 1h30m
          REFLOAT_CERTIFICATE_LIFETIME  | 8761h               | at most REFLOAT_CA_LIFETIME, which is 8760h
          REFLOAT_DRAIN_DELAY           | 1h                  | a duration from 0s to 10m
          REFLOAT_WEBHOOK_ADDRESS       | '127.0.0.1:8080'    | another port than that of REFLOAT_HTTP_ADDRESS, 0.0.0.0:8080
          """)
  void the_webhook_refuses(String name, String text, String expected) {
    assertThat(problems(Settings.webhook(Map.of(name, text))))
        .containsExactly(name + " is \"" + text + "\"; expected " + expected);
  }

  @Test
  void a_default_that_does_not_go_with_another_setting_is_named() {
    assertThat(problems(Settings.webhook(Map.of("REFLOAT_CA_LIFETIME", "24h"))))
        .containsExactly(
            "REFLOAT_CERTIFICATE_LIFETIME is \"2160h\"; expected at most REFLOAT_CA_LIFETIME, which"
                + " is 24h");
  }

  @Test
  void two_free_ports_are_never_the_same() {
    assertThat(
            Settings.webhook(
                Map.of(
                    "REFLOAT_HTTP_ADDRESS", "127.0.0.1:0",
                    "REFLOAT_WEBHOOK_ADDRESS", "127.0.0.1:0")))
        .isInstanceOf(Good.class);
  }

  @Test
  void all_mistakes_are_told_together_and_in_order() {
    Map<String, String> environment =
        Map.of(
            "REFLOAT_GRACE_NODE_GONE", "15",
            "DRY_RUN", "maybe",
            "REFLOAT_GRACE_NODE_GON", "15s",
            "REFLOAT_SOMETHING_QUITE_DIFFERENT", "x");

    assertThat(problems(Settings.controller(environment)))
        .containsExactly(
            "DRY_RUN is \"maybe\"; expected true or false",
            "REFLOAT_GRACE_NODE_GON is not a setting of Refloat; did you mean"
                + " REFLOAT_GRACE_NODE_GONE?",
            "REFLOAT_GRACE_NODE_GONE is \"15\"; expected a duration such as 500ms, 15s, 10m or"
                + " 1h30m",
            "REFLOAT_SOMETHING_QUITE_DIFFERENT is not a setting of Refloat; docs/settings.md lists"
                + " all of them");
  }

  @Test
  void one_mistake_is_not_told_twice() {
    assertThat(
            problems(
                Settings.webhook(
                    Map.of(
                        "REFLOAT_CA_LIFETIME", "long",
                        "REFLOAT_CERTIFICATE_LIFETIME", "87600h"))))
        .containsExactly(
            "REFLOAT_CA_LIFETIME is \"long\"; expected a duration such as 500ms, 15s, 10m or"
                + " 1h30m");
  }

  @Test
  void a_mistake_takes_one_line_whatever_the_text_is() {
    String text = "yes\nno\u001b[31m" + "!".repeat(10_000);

    assertThat(problems(Settings.controller(Map.of("DRY_RUN", text))).getFirst())
        .startsWith("DRY_RUN is \"yes no [31m!!!")
        .endsWith("!…\"; expected true or false")
        .hasSizeLessThan(200)
        .doesNotContain("\n");
  }

  @Test
  void values_that_only_the_other_process_reads_are_its_own_affair() {
    assertThat(Settings.controller(Map.of("REFLOAT_CERTIFICATES", "nonsense")))
        .isInstanceOf(Good.class);
    assertThat(Settings.webhook(Map.of("REFLOAT_BRAKE", "nonsense"))).isInstanceOf(Good.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PATH, /bin",
    "DRYRUN, true",
    "REFLOAT_JAVA_HOME, /opt/java",
    "REFLOAT_LAB_BINARIES, /tmp",
    "REFLOAT_WEBHOOK_SERVICE_HOST, 10.96.0.7",
    "REFLOAT_WEBHOOK_SERVICE_PORT, 443",
    "REFLOAT_WEBHOOK_SERVICE_PORT_HTTPS, 443",
    "REFLOAT_WEBHOOK_PORT, tcp://10.96.0.7:443",
    "REFLOAT_WEBHOOK_PORT_443_TCP, tcp://10.96.0.7:443",
    "REFLOAT_WEBHOOK_PORT_443_TCP_PROTO, tcp",
    "REFLOAT_WEBHOOK_PORT_443_TCP_PORT, 443",
    "REFLOAT_WEBHOOK_PORT_443_TCP_ADDR, 10.96.0.7",
    "REFLOAT_SERVICE_HOST, 10.96.0.7",
    "REFLOAT_PORT, tcp://[fd00::7]:443",
  })
  void names_that_are_not_ours_to_judge_are_no_mistakes(String name, String text) {
    assertThat(Settings.controller(Map.of(name, text))).isInstanceOf(Good.class);
    assertThat(Settings.webhook(Map.of(name, text))).isInstanceOf(Good.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"REFLOAT_HTTP_PORT", "REFLOAT_PORT", "REFLOAT_", "REFLOAT_LAB"})
  void what_only_looks_like_a_service_or_the_lab_is_a_mistake(String name) {
    assertThat(problems(Settings.controller(Map.of(name, "9090"))))
        .singleElement()
        .asString()
        .startsWith(name + " is not a setting of Refloat");
  }

  @Test
  void what_is_described_reads_back_as_the_same_settings() {
    ControllerSettings controller =
        good(
            Settings.controller(
                Map.of(
                    "WATCHED_NAMESPACES", "shop,bank",
                    "REFLOAT_COOLDOWN", "90s",
                    "REFLOAT_BRAKE", "0%",
                    "REFLOAT_HTTP_ADDRESS", "[::]:1",
                    "KUBECONFIG", "/k")));
    WebhookSettings webhook =
        good(
            Settings.webhook(
                Map.of("REFLOAT_CERTIFICATES", "files:/x", "REFLOAT_WEBHOOK_HOSTS", "b,a")));

    assertThat(good(Settings.controller(controller.describe()))).isEqualTo(controller);
    assertThat(good(Settings.webhook(webhook.describe()))).isEqualTo(webhook);
    assertThat(controller.describe()).containsEntry("REFLOAT_COOLDOWN", "1m30s");
  }

  @Test
  void each_process_describes_exactly_what_it_reads() {
    assertThat(good(Settings.controller(Map.of())).describe().keySet())
        .isEqualTo(namesReadBy(Setting.ReadBy.CONTROLLER));
    assertThat(good(Settings.webhook(Map.of())).describe().keySet())
        .isEqualTo(namesReadBy(Setting.ReadBy.WEBHOOK));
  }

  @Test
  void every_default_can_be_read() {
    assertThat(Contract.ALL).allSatisfy(Setting::byDefault);
  }

  private static Set<String> namesReadBy(Setting.ReadBy process) {
    Set<String> names = new TreeSet<>();
    Contract.ALL.stream()
        .filter(setting -> setting.readBy() == process || setting.readBy() == Setting.ReadBy.BOTH)
        .forEach(setting -> names.add(setting.name()));
    return names;
  }

  private static <T> T good(Parsed<T> parsed) {
    return switch (parsed) {
      case Good<T>(T value) -> value;
      case Bad<T>(List<Problem> problems) -> throw new AssertionError(problems);
    };
  }

  private static List<String> problems(Parsed<?> parsed) {
    return switch (parsed) {
      case Good<?>(Object value) -> throw new AssertionError(value);
      case Bad<?>(List<Problem> problems) -> problems.stream().map(Problem::toString).toList();
    };
  }
}
