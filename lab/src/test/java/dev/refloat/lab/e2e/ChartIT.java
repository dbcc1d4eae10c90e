package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.process.RefloatProgram;
import dev.refloat.lab.world.World;
import dev.refloat.release.Checkout;
import dev.refloat.release.chart.Chart;
import dev.refloat.release.chart.ChartPackage;
import dev.refloat.release.chart.InstallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made of the manifests for others to install: it says the same, in other words. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("charts") // one after the other, beside all others
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartIT {

  private static final Path TARGET = RefloatProgram.root().resolve("lab/target/charts");
  private static final Checkout CHECKOUT = Checkout.around(RefloatProgram.root());
  private static final String NAMESPACE = "refloat-system";

  private OwnControlPlane controlPlane;
  private Kubectl kubectl;
  private Helm helm;
  private Path refloat;
  private Path samples;

  @BeforeAll
  void charts() {
    controlPlane =
        OwnControlPlane.start(
            LabSettings.fromEnvironment(), Progress.toStandardError(), Tuning.NONE);
    kubectl = Kubectl.on(controlPlane);
    helm = Helm.on(controlPlane);
    refloat = Chart.of(CHECKOUT, "refloat", "").write(TARGET);
    samples = Chart.of(CHECKOUT, "localstorage-poc", "").write(TARGET);
  }

  @AfterAll
  void close() {
    controlPlane.close();
  }

  /**
   * @param namespaces that are watched, and get what is applied for each
   * @param values as {@code helm --set} has them
   */
  record Same(Overlay overlay, List<String> namespaces, List<String> values) {

    @Override
    public String toString() {
      return overlay + " is " + values;
    }
  }

  static Stream<Same> waysToInstall() {
    return Stream.of(
        new Same(Overlay.shipped("default"), List.of(), List.of()),
        new Same(Overlay.shipped("base"), List.of(), List.of("keepData=false")),
        new Same(
            Overlay.shipped("overlays/kind"),
            List.of(),
            List.of("controller.replicas=1", "webhook.replicas=1", "settings.LOG_FORMAT=text")),
        new Same(
            Overlay.shipped("overlays/openshift"),
            List.of(),
            List.of("podSecurityContext.runAsUser=null", "podSecurityContext.runAsGroup=null")),
        new Same(
            Overlay.of("chart-others", List.of("cert-manager", "monitoring"), Map.of()),
            List.of(),
            List.of(
                "certManager.enabled=true",
                "monitoring.enabled=true",
                "settings.REFLOAT_LOCAL_PROVISIONERS=" + World.PROVISIONER,
                "webhook.timeoutSeconds=10")),
        new Same(
            Overlay.of(
                "chart-namespaced",
                List.of("namespaced"),
                Map.of("WATCHED_NAMESPACES", "shop,bank", "REFLOAT_MAX_CONCURRENT", "5")),
            List.of("shop", "bank"),
            List.of(
                "watchedNamespaces={shop,bank}",
                "settings.REFLOAT_MAX_CONCURRENT=5",
                "settings.REFLOAT_LOCAL_PROVISIONERS=" + World.PROVISIONER,
                "webhook.timeoutSeconds=10")));
  }

  @ParameterizedTest
  @MethodSource("waysToInstall")
  void the_chart_makes_what_kustomize_makes(Same same) {
    String yaml = kubectl.says("kustomize", same.overlay().toString());
    SortedMap<String, JsonNode> wanted = YamlObjects.byName(yaml);
    wanted.remove("Namespace  refloat-system"); // Helm makes it
    for (String namespace : same.namespaces()) {
      wanted.putAll(
          YamlObjects.byName(
              kubectl.says(
                  "create",
                  "--dry-run=client",
                  "-o",
                  "yaml",
                  "-n",
                  namespace,
                  "-f",
                  Overlay.shipped("components/namespaced/watched-namespace.yaml").toString())));
    }

    SortedMap<String, JsonNode> made =
        YamlObjects.byName(template(refloat, NAMESPACE, same.values()));

    for (String name : List.of("refloat-controller", "refloat-webhook")) {
      JsonNode deployment = object(made, "Deployment %s %s".formatted(NAMESPACE, name));
      JsonNode annotations =
          ((ObjectNode) deployment.at("/spec/template/metadata")).remove("annotations");
      assertThat(annotations.fieldNames()).toIterable().containsExactly("checksum/settings");
    }
    assertThat(made).containsExactlyEntriesOf(wanted);
  }

  @Test
  void the_samples_are_the_same_as_well() {
    SortedMap<String, JsonNode> wanted =
        YamlObjects.byName(kubectl.says("kustomize", Overlay.shipped("samples").toString()));
    wanted.remove("Namespace  localstorage-poc");

    assertThat(YamlObjects.byName(template(samples, "localstorage-poc", List.of())))
        .containsExactlyEntriesOf(wanted);
    assertThat(
            template(
                samples,
                "elsewhere",
                List.of("storageClassName=standard", "size=2Gi", "image=app:1", "after=1m")))
        .contains("namespace: \"elsewhere\"")
        .contains("storageClassName: \"standard\"")
        .contains("storage: \"2Gi\"")
        .contains("image: \"app:1\"")
        .contains("refloat.dev/after: \"1m\"");
  }

  @Test
  void the_one_file_is_all_of_the_default() {
    assertThat(YamlObjects.byName(InstallFile.text(CHECKOUT, "")))
        .containsExactlyEntriesOf(
            YamlObjects.byName(kubectl.says("kustomize", Overlay.shipped("default").toString())));
  }

  @Test
  void images_come_from_where_they_were_pushed() throws IOException {
    String registry = "registry.example.com/refloat/";
    Path pushed = Chart.of(CHECKOUT, "refloat", registry).write(TARGET.resolve("pushed"));
    String image = "registry.example.com/refloat/refloat-webhook:" + CHECKOUT.version();

    assertThat(InstallFile.text(CHECKOUT, registry)).contains("image: " + image + "\n");
    assertThat(template(pushed, NAMESPACE, List.of())).contains("image: \"" + image + "\"\n");
    String digest = "sha256:" + "0".repeat(64);
    assertThat(template(pushed, NAMESPACE, List.of("webhook.image.digest=" + digest)))
        .contains("image: \"registry.example.com/refloat/refloat-webhook@" + digest + "\"\n");
    Path once = ChartPackage.write(Chart.of(CHECKOUT, "refloat", registry), TARGET);
    byte[] first = Files.readAllBytes(once);
    assertThat(helm.says("show", "chart", once.toString()))
        .contains("version: " + CHECKOUT.version());
    assertThat(ChartPackage.write(Chart.of(CHECKOUT, "refloat", registry), TARGET))
        .hasBinaryContent(first);
  }

  @Test
  void what_pods_have_of_their_own_is_named() {
    String made =
        template(
            refloat,
            NAMESPACE,
            List.of(
                "imagePullSecrets[0].name=pull",
                "controller.podLabels.team=storage",
                "controller.podAnnotations.owner=us",
                "controller.nodeSelector.pool=infra",
                "controller.affinity.podAffinity.none=true",
                "controller.terminationGracePeriodSeconds=60",
                "resourceQuota.enabled=false",
                "priorityClassName=ours",
                "networkPolicy.enabled=false"));

    JsonNode pod =
        object(made, "Deployment refloat-system refloat-controller").at("/spec/template");
    assertThat(pod.at("/metadata/labels/team").asText()).isEqualTo("storage");
    assertThat(pod.at("/metadata/annotations/owner").asText()).isEqualTo("us");
    assertThat(pod.at("/spec/nodeSelector/pool").asText()).isEqualTo("infra");
    assertThat(pod.at("/spec/imagePullSecrets/0/name").asText()).isEqualTo("pull");
    assertThat(pod.at("/spec/priorityClassName").asText()).isEqualTo("ours");
    assertThat(pod.at("/spec/affinity/podAffinity/none").asBoolean()).isTrue();
    assertThat(pod.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(60);
    assertThat(made).doesNotContain("ResourceQuota");
    assertThat(
            object(
                    template(refloat, NAMESPACE, List.of("priorityClassName=ours")),
                    "ResourceQuota refloat-system refloat-critical-pods")
                .toString())
        .contains("\"values\":[\"ours\"]");
    assertThat(made).doesNotContain("NetworkPolicy");
  }

  @Test
  void alerts_lead_to_where_the_runbooks_are_and_name_the_namespace_that_is_theirs() {
    String made =
        template(
            refloat,
            "afloat",
            List.of(
                "monitoring.enabled=true", "monitoring.runbooks=https://wiki.example.com/refloat"));

    assertThat(made)
        .contains("runbook_url: https://wiki.example.com/refloat#refloatnoleader\n")
        .contains("namespace: \"afloat\"")
        .doesNotContain("runbooks.md#", "refloat-system");
  }

  @Test
  void other_settings_make_other_pods_and_the_same_ones_do_not() {
    String before = checksum(List.of());

    assertThat(checksum(List.of("settings.DRY_RUN=false"))).isEqualTo(before);
    assertThat(checksum(List.of("settings.DRY_RUN=true"))).isNotEqualTo(before);
    assertThat(checksum(List.of("watchedNamespaces={shop}"))).isNotEqualTo(before);
    assertThat(checksum(List.of("controller.replicas=1"))).isEqualTo(before);
  }

  private String checksum(List<String> values) {
    return object(template(refloat, NAMESPACE, values), "Deployment refloat-system refloat-webhook")
        .at("/spec/template/metadata/annotations/checksum~1settings")
        .asText();
  }

  @Test
  void namespaces_may_look_like_numbers() {
    SortedMap<String, JsonNode> made =
        YamlObjects.byName(
            helm.says(
                "template",
                "refloat",
                refloat.toString(),
                "-n",
                "2024",
                "--set-string",
                "watchedNamespaces={123}"));

    assertThat(made)
        .containsKeys("RoleBinding 123 refloat-controller", "Deployment 2024 refloat-webhook");
    assertThat(made.values())
        .allMatch(each -> each.at("/metadata/namespace").getNodeType() != JsonNodeType.NUMBER);
    assertThat(made.toString()).doesNotContain(NAMESPACE);
  }

  static Stream<String> mistakes() {
    return Stream.of(
        "settings.REFLOAT_CERTIFICATES=files:/tls",
        "watchedNamespaces={refloat-system}",
        "controller.podLabels.app=x",
        "controller.image=null",
        "settings.REFLOAT_GRACE_NODE_GON=5s",
        "settings.WATCHED_NAMESPACES=shop",
        "watchedNamespaces={Shop}",
        "controller.replica=1",
        "webhook.timeoutSeconds=31",
        "monitoring.interval=3m",
        "webhook.image.digest=abc",
        "keepdata=false");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_in_a_value_is_told_before_anything_is_installed(String value) {
    Terminal.Outcome outcome =
        helm.run("template", "refloat", refloat.toString(), "-n", NAMESPACE, "--set", value);

    assertThat(outcome.exitCode()).isNotZero();
    String name = value.replaceFirst("=.*", "").replaceFirst(".*\\.", "");
    assertThat(outcome.output()).contains(name);
  }

  @Test
  void nothing_is_to_be_said_against_the_charts() {
    assertThat(helm.says("lint", "--strict", refloat.toString(), samples.toString()))
        .contains("2 chart(s) linted, 0 chart(s) failed");
  }

  /** Pods of this control plane start no program: what is applied is what is looked at. */
  @Test
  void it_is_installed_upgraded_and_removed() {
    Path packed = ChartPackage.write(Chart.of(CHECKOUT, "refloat", ""), TARGET);
    assertThat(
            helm.says(
                "install", "refloat", packed.toString(), "-n", NAMESPACE, "--create-namespace"))
        .contains("kubectl patch statefulset NAME")
        .contains("Refloat " + CHECKOUT.version() + " is installed in " + NAMESPACE);
    String bundle = "Y2E=";
    kubectl.says(
        "patch",
        "mutatingwebhookconfiguration",
        "refloat",
        "--type=json",
        "-p",
        "[{\"op\":\"add\",\"path\":\"/webhooks/0/clientConfig/caBundle\",\"value\":\"%s\"}]"
            .formatted(bundle));

    helm.says(
        "upgrade",
        "refloat",
        refloat.toString(),
        "-n",
        NAMESPACE,
        "--set",
        "settings.DRY_RUN=true,watchedNamespaces={default}");

    assertThat(kubectl.says("get", "configmap", "-n", NAMESPACE, "refloat", "-o", "yaml"))
        .contains("DRY_RUN: \"true\"")
        .contains("WATCHED_NAMESPACES: default");
    assertThat(kubectl.says("get", "clusterrolebinding", "-o", "name"))
        .doesNotContain("clusterrolebinding.rbac.authorization.k8s.io/refloat-controller\n");
    assertThat(kubectl.says("get", "rolebinding", "-n", "default", "-o", "name"))
        .contains("refloat-controller");
    assertThat(kubectl.says("get", "mutatingwebhookconfiguration", "refloat", "-o", "yaml"))
        .as("what the webhook puts in stays where others upgrade")
        .contains("caBundle: " + bundle);

    helm.says("uninstall", "refloat", "-n", NAMESPACE, "--wait");

    assertThat(kubectl.says("get", everything(), "-A", "-l", "app.kubernetes.io/part-of=refloat"))
        .contains("No resources found");
  }

  private String everything() {
    List<String> kinds = new ArrayList<>();
    for (String object : YamlObjects.byName(template(refloat, NAMESPACE, List.of())).keySet()) {
      String kind = object.substring(0, object.indexOf(' '));
      if (!kinds.contains(kind)) {
        kinds.add(kind);
      }
    }
    return String.join(",", kinds);
  }

  private String template(Path chart, String namespace, List<String> values) {
    List<String> command =
        new ArrayList<>(List.of("template", "refloat", chart.toString(), "--namespace", namespace));
    values.forEach(value -> command.addAll(List.of("--set", value)));
    return helm.says(command.toArray(String[]::new));
  }

  private static JsonNode object(String yaml, String name) {
    return object(YamlObjects.byName(yaml), name);
  }

  private static JsonNode object(SortedMap<String, JsonNode> objects, String name) {
    return Optional.ofNullable(objects.get(name)).orElseThrow();
  }
}
