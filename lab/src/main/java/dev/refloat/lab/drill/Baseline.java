package dev.refloat.lab.drill;

import dev.refloat.admission.PodAdmission;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.drill.run.DrillStopped;
import dev.refloat.lab.drill.run.Moment;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.lab.world.PodConditions;
import dev.refloat.lab.world.PodShell;
import dev.refloat.optin.Names;
import dev.refloat.optin.OptInReading;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An app's first pod as it was before a drill, and what it is held to afterwards.
 *
 * @param claims UIDs by the claim's name
 * @param volumes the volume's name by the claim's name
 * @param checksums of the files that the drill has written
 */
record Baseline(
    Pod pod,
    Map<String, String> claims,
    Map<String, String> volumes,
    DataFiles files,
    String checksums) {

  private static final Duration TO_BE_BACK = Duration.ofMinutes(2);
  private static final String NONE = "none";

  /** Looks at the app, and writes files that are removed when the drill is over. */
  static Baseline take(App app, Script script) {
    script.phase("Baseline");
    Pod pod = app.pod().orElseThrow(() -> new DrillStopped(app.podName() + " is gone"));
    script.must(
        app.podName() + " is Ready",
        "Ready",
        "%s, %s".formatted(PodWords.of(Optional.of(pod)), pod.getStatus().getPodIP()),
        PodConditions.isReady(pod));
    Map<String, String> volumes = volumesOf(app);
    script.must(
        "its claims are bound",
        "a volume for each",
        volumes.toString(),
        !volumes.isEmpty() && volumes.values().stream().noneMatch(NONE::equals));
    DataFiles files = DataFiles.in(app.dataFolder().orElseThrow());
    List<String> checksums = new ArrayList<>();
    script.change(
        "the files of the drill are removed",
        "kubectl exec -n %s %s -- rm -rf %s"
            .formatted(app.namespace(), app.podName(), files.folder()),
        () -> remove(files, app),
        () -> checksums.add(files.write(app.shell())));
    long written = checksums.getFirst().lines().count();
    script.must(
        "files are written",
        DataFiles.count() + " files with checksums",
        written + " files in " + files.folder(),
        written == DataFiles.count());
    return new Baseline(pod, app.claimUids(), volumes, files, checksums.getFirst());
  }

  /** Returns what there is to say of these claims alone. */
  Baseline only(Set<String> names) {
    Map<String, String> fewerClaims = new TreeMap<>(claims);
    fewerClaims.keySet().retainAll(names);
    Map<String, String> fewerVolumes = new TreeMap<>(volumes);
    fewerVolumes.keySet().retainAll(names);
    return new Baseline(pod, fewerClaims, fewerVolumes, files, checksums);
  }

  /** Removes the files as soon as there is a container again to do it in, Ready or not. */
  private static void remove(DataFiles files, App app) {
    var _ =
        Await.within(TO_BE_BACK)
            .until(
                app.podName() + " takes commands again",
                () -> files.remove(app.shell()),
                Optional::isEmpty,
                why -> why.orElse(""));
  }

  private static Map<String, String> volumesOf(App app) {
    Map<String, String> volumes = new TreeMap<>();
    for (PersistentVolumeClaim claim : app.claims().values()) {
      volumes.put(
          claim.getMetadata().getName(),
          Optional.ofNullable(claim.getSpec().getVolumeName()).orElse(NONE));
    }
    return volumes;
  }

  /** Waits until another pod of that name is Ready. */
  Pod awaitBack(App app, Script script, Duration patience) {
    String was = App.uid(pod);
    Pod back =
        script
            .await(
                app.podName() + " is Ready again",
                "a new pod, Ready",
                patience,
                app::pod,
                now ->
                    now.filter(found -> !App.uid(found).equals(was))
                        .filter(PodConditions::isReady)
                        .isPresent(),
                PodWords::of)
            .orElseThrow();
    script.mark(Moment.BACK);
    if (app.optIn() instanceof OptInReading.Yes) {
      checkLabel(back, script);
    }
    return back;
  }

  /** The controller sees no other pods. */
  static void checkLabel(Pod pod, Script script) {
    String label = App.label(pod).orElse("no such label");
    script.check(
        "the webhook has labelled it",
        Names.LOCAL_STORAGE + "=true, without which the controller does not see it",
        label,
        label.equals(PodAdmission.EARNED));
  }

  void checkSamePlace(App app, Script script, Pod back) {
    script.same(
        "it is on the same node", pod.getSpec().getNodeName(), back.getSpec().getNodeName());
    checkClaims(app, script);
  }

  void checkClaims(App app, Script script) {
    script.same("its claims are the same", claims, app.claimUids());
    script.same("its volumes are the same", volumes, volumesOf(app));
  }

  void checkSameData(App app, Script script) {
    String now = files.checksums(app.shell());
    boolean identical = now.equals(checksums);
    script.check(
        "its files are identical",
        checksums,
        identical ? checksums.lines().count() + " checksums" : now,
        identical);
    PodShell.Outcome more = files.writeOneMore(app.shell());
    script.check(
        "its file system takes files",
        "a file that is written, read and removed",
        more.said(),
        more.status() == 0 && more.said().equals("afloat"));
  }
}
