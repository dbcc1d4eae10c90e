package dev.refloat.lab.drill;

import dev.refloat.admission.PodAdmission;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.lab.drill.run.Table;
import dev.refloat.optin.Names;
import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReading;
import dev.refloat.settings.WatchedNamespaces;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What holds an app where it is, and whether it could go elsewhere: only looks, and changes
 * nothing.
 */
record Affinity(Known known) implements Drill {

  @Override
  public String name() {
    return "affinity";
  }

  @Override
  public String summary(App app) {
    return "what holds its pods, and where they could go";
  }

  @Override
  public List<String> plan(App app) {
    return List.of(
        "read %s, its pods, claims, volumes and nodes, and change nothing".formatted(app.name()),
        "expect its opt-in to be effective, its pods to be with their volumes on nodes that take them, and another node for each");
  }

  @Override
  public void refuseIfUnsafe(App app) {
    Safe.hasClaims(app);
  }

  @Override
  public boolean changesSomething() {
    return false;
  }

  @Override
  public void play(App app, Script script) {
    StatefulSet set = app.set();
    List<Pod> pods = app.podNames().stream().flatMap(name -> app.pod(name).stream()).toList();
    List<Moorings> moorings = pods.stream().map(pod -> Moorings.of(app, pod, known)).toList();
    Optional<StorageClass> storageClass = storageClass(app, set);

    script.phase("Settings");
    settings(app, set, storageClass, script);

    script.phase("Pods and nodes");
    script.table(
        new Table(
            "Where they are",
            List.of("POD", "NODE", "STATE", "VOLUME", "PINNED TO", "COULD GO TO"),
            moorings.stream().map(Moorings::row).toList()));
    checkEach(
        script, "its storage is local", "a volume pinned to one node", moorings, Moorings::isLocal);
    checkEach(
        script,
        "its pods are with their volumes",
        "the node that the volume is pinned to",
        moorings,
        Moorings::isWithItsVolumes);
    checkEach(
        script,
        "its pods are on nodes that take them",
        "Ready, not cordoned, no taint that the pod does not tolerate",
        moorings,
        each -> each.obstacles().isEmpty());
    checkEach(
        script,
        "its pods could go elsewhere",
        "another node that is Ready and takes the pod",
        moorings,
        each -> !each.others().isEmpty());

    script.phase("Opt-in");
    List<String> why = ineffective(app, set, pods);
    script.check(
        "its opt-in is effective",
        "an opt-in that the webhook has labelled the pods for",
        why.isEmpty() ? words(app.optIn()) : String.join("; ", why),
        why.isEmpty());

    List<Advice> advice = Advice.about(set, app.optIn(), storageClass);
    if (!advice.isEmpty()) {
      script.table(
          new Table(
              "Recommendations",
              List.of("WHAT", "WHY"),
              advice.stream().map(each -> List.of(each.what(), each.why())).toList()));
    }
  }

  private static Optional<StorageClass> storageClass(App app, StatefulSet set) {
    PersistentVolumeClaim first = set.getSpec().getVolumeClaimTemplates().getFirst();
    return Optional.ofNullable(first.getSpec().getStorageClassName())
        .map(name -> app.client().storage().v1().storageClasses().withName(name).get());
  }

  private static void settings(
      App app, StatefulSet set, Optional<StorageClass> storageClass, Script script) {
    var spec = set.getSpec().getTemplate().getSpec();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("replicas", String.valueOf(app.replicas())));
    rows.add(
        List.of(
            "pod management",
            Optional.ofNullable(set.getSpec().getPodManagementPolicy()).orElse("OrderedReady")));
    rows.add(List.of("node selector", orNone(spec.getNodeSelector())));
    rows.add(
        List.of(
            "tolerations",
            Optional.ofNullable(spec.getTolerations()).orElse(List.of()).stream()
                .map(
                    each ->
                        "%s %s"
                            .formatted(
                                Optional.ofNullable(each.getKey()).orElse("any"),
                                Optional.ofNullable(each.getEffect()).orElse("")))
                .map(String::strip)
                .collect(
                    Collectors.collectingAndThen(Collectors.joining(", "), Affinity::orNone))));
    rows.add(List.of("node affinity", spec.getAffinity() == null ? "none" : "set"));
    rows.add(
        List.of(
            "storage class",
            storageClass
                .map(
                    each ->
                        "%s (%s, %s, %s)"
                            .formatted(
                                each.getMetadata().getName(),
                                each.getProvisioner(),
                                each.getVolumeBindingMode(),
                                each.getReclaimPolicy()))
                .orElse("none that is there")));
    rows.add(List.of("opt-in", words(app.optIn())));
    script.table(new Table("What is set", List.of("SETTING", "VALUE"), rows));
  }

  private static String orNone(Map<String, String> map) {
    return map == null || map.isEmpty() ? "none" : map.toString();
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "none" : text;
  }

  private static void checkEach(
      Script script,
      String what,
      String expected,
      List<Moorings> moorings,
      Predicate<Moorings> fine) {
    List<String> bad =
        moorings.stream()
            .filter(fine.negate())
            .map(each -> "%s: %s".formatted(each.name(), String.join(" | ", each.row())))
            .toList();
    script.check(
        what,
        expected,
        moorings.isEmpty()
            ? "it has no pods"
            : bad.isEmpty()
                ? "%d of %d".formatted(moorings.size(), moorings.size())
                : String.join("; ", bad),
        bad.isEmpty() && !moorings.isEmpty());
  }

  private static String words(OptInReading reading) {
    return switch (reading) {
      case OptInReading.Yes(OptIn optIn) -> optIn.toString();
      case OptInReading.No() -> "none";
      case OptInReading.Malformed(var mistakes) -> mistakes.toString();
    };
  }

  /** Returns why nothing would be done for this app; nothing if something would. */
  private List<String> ineffective(App app, StatefulSet set, List<Pod> pods) {
    List<String> why = new ArrayList<>();
    switch (app.optIn()) {
      case OptInReading.Yes(_) -> {}
      case OptInReading.No() -> why.add("not opted in: no " + Names.RECOVER);
      case OptInReading.Malformed(var mistakes) -> why.add("it makes no sense: " + mistakes);
    }
    if (Names.isPaused(annotations(set.getMetadata().getAnnotations()))) {
      why.add("the StatefulSet is paused (" + Names.PAUSED + ")");
    }
    var namespace = app.client().namespaces().withName(app.namespace()).get();
    if (namespace != null
        && Names.isPaused(annotations(namespace.getMetadata().getAnnotations()))) {
      why.add("the Namespace is paused (" + Names.PAUSED + ")");
    }
    if (known.settings().shared().watchedNamespaces() instanceof WatchedNamespaces.Only only
        && !only.names().contains(app.namespace())) {
      why.add("WATCHED_NAMESPACES leaves %s out (%s)".formatted(app.namespace(), known.source()));
    }
    if (known.settings().shared().dryRun()) {
      why.add("DRY_RUN is true (%s): nothing is written".formatted(known.source()));
    }
    Map<String, String> template = ours(set.getSpec().getTemplate().getMetadata().getAnnotations());
    for (Pod pod : pods) {
      String name = pod.getMetadata().getName();
      if (App.label(pod).filter(PodAdmission.EARNED::equals).isEmpty()) {
        why.add("%s has no label %s=true".formatted(name, Names.LOCAL_STORAGE));
      }
      if (!template.equals(ours(pod.getMetadata().getAnnotations()))) {
        why.add("%s was made before the opt-in was changed: restart it".formatted(name));
      }
    }
    return why;
  }

  private static Map<String, String> ours(Map<String, String> annotations) {
    return annotations(annotations).entrySet().stream()
        .filter(entry -> Names.IN_TEMPLATE.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, String> annotations(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
