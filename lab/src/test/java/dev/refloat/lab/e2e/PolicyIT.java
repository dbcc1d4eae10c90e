package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** How far a stolen token of one of our accounts goes. Nothing here is really changed. */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolicyIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String OF_A_POD = "Refloat changes nothing of a pod but its label";
  private static final String OF_A_DELETE =
      "Refloat deletes no pod without its label, and none that has a node";
  private static final String OF_A_CLAIM =
      "Refloat changes nothing of a claim but its own labels and annotations";
  private static final String OF_A_RESTORE =
      "Refloat sets a volume to Retain, and while it is bound back to what it was";
  private static final String OF_A_SECRET = "Refloat makes no Secret but its own two";
  private static final String OF_A_VOLUME =
      "Refloat changes nothing of a volume but its reclaim policy and its own annotations";

  /**
   * What somebody tries with a token.
   *
   * @param refusal the words of the policy; empty if that is what Refloat does
   */
  record Attempt(String account, String command, Optional<String> refusal) {

    static Attempt refused(String account, String command, String refusal) {
      return new Attempt(account, command, Optional.of(refusal));
    }

    static Attempt allowed(String account, String command) {
      return new Attempt(account, command, Optional.empty());
    }

    @Override
    public String toString() {
      return account + ": " + command;
    }
  }

  private static final String WEBHOOK = "refloat-webhook";
  private static final String CONTROLLER = "refloat-controller";

  static final List<Attempt> ATTEMPTS =
      List.of(
          Attempt.allowed(
              WEBHOOK,
              patch("pod db-0", "{'metadata':{'labels':{'refloat.dev/local-storage':null}}}")),
          Attempt.refused(
              WEBHOOK,
              "patch pod db-0 --type=json --patch=[{'op':'replace','path':'/spec/containers/0/image','value':'evil'}]"
                  .replace('\'', '"'),
              OF_A_POD),
          Attempt.refused(
              WEBHOOK, patch("pod db-0", "{'metadata':{'labels':{'app':'other'}}}"), OF_A_POD),
          Attempt.refused(
              WEBHOOK, patch("pod db-0", "{'metadata':{'labels':{'one':'more'}}}"), OF_A_POD),
          Attempt.refused(
              WEBHOOK,
              patch("pod db-0", "{'metadata':{'annotations':{'refloat.dev/recover':'node-gone'}}}"),
              OF_A_POD),
          Attempt.refused(
              WEBHOOK,
              patch("pod db-0", "{'metadata':{'finalizers':['example.com/mine']}}"),
              OF_A_POD),
          Attempt.refused(
              WEBHOOK, patch("pod db-0", "{'metadata':{'ownerReferences':null}}"), OF_A_POD),
          Attempt.refused(WEBHOOK, "create secret generic evil -n refloat-system", OF_A_SECRET),
          Attempt.refused(
              WEBHOOK,
              "create secret generic refloat-tls -n refloat-system --type=kubernetes.io/basic-auth --from-literal=username=x",
              OF_A_SECRET),
          Attempt.allowed(CONTROLLER, "delete pod waits-0"),
          Attempt.refused(CONTROLLER, "delete pod db-0", OF_A_DELETE),
          Attempt.refused(CONTROLLER, "delete pod db-0 --grace-period=0 --force", OF_A_DELETE),
          Attempt.refused(CONTROLLER, "delete pod quiet-0", OF_A_DELETE),
          Attempt.allowed(
              CONTROLLER,
              patch(
                  "pvc data-db-0",
                  "{'metadata':{'labels':{'refloat.dev/recovered':'db-0'},'annotations':{'refloat.dev/attempt':'1'}}}")),
          Attempt.refused(
              CONTROLLER,
              patch("pvc data-db-0", "{'metadata':{'annotations':{'example.com/x':'y'}}}"),
              OF_A_CLAIM),
          Attempt.refused(
              CONTROLLER,
              patch(
                  "pvc data-db-0",
                  "{'metadata':{'annotations':{'pv.kubernetes.io/bind-completed':null}}}"),
              OF_A_CLAIM),
          Attempt.refused(
              CONTROLLER,
              patch("pvc data-db-0", "{'metadata':{'labels':{'one':'more'}}}"),
              OF_A_CLAIM),
          Attempt.refused(
              CONTROLLER, patch("pvc data-db-0", "{'metadata':{'finalizers':null}}"), OF_A_CLAIM),
          Attempt.refused(
              CONTROLLER,
              patch("pvc data-db-0", "{'spec':{'resources':{'requests':{'storage':'9Ti'}}}}"),
              OF_A_CLAIM),
          Attempt.allowed(
              CONTROLLER,
              patch(
                  "pv VOLUME",
                  "{'metadata':{'annotations':{'refloat.dev/kept':'x'}},'spec':{'persistentVolumeReclaimPolicy':'Retain'}}")),
          Attempt.refused(
              CONTROLLER,
              patch(
                  "pvc data-db-0",
                  "{'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'db-0','uid':'x'}]}}"),
              OF_A_CLAIM),
          Attempt.refused(
              CONTROLLER,
              patch(
                  "pv VOLUME",
                  "{'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'db-0','uid':'x'}]}}"),
              OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER, patch("pv VOLUME", "{'spec':{'mountOptions':['exec']}}"), OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER,
              patch("pv VOLUME", "{'spec':{'capacity':{'storage':'9Ti'}}}"),
              OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER,
              patch("pv VOLUME", "{'spec':{'accessModes':['ReadOnlyMany']}}"),
              OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER,
              patch("pv VOLUME", "{'metadata':{'annotations':{'example.com/x':'y'}}}"),
              OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER, patch("pv VOLUME", "{'spec':{'claimRef':null}}"), OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER,
              patch("pv VOLUME", "{'metadata':{'labels':{'one':'more'}}}"),
              OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER, patch("pv VOLUME", "{'metadata':{'finalizers':null}}"), OF_A_VOLUME),
          Attempt.refused(
              CONTROLLER,
              patch(
                  "pv KEPT",
                  "{'metadata':{'annotations':{'refloat.dev/reclaim-policy-was':'Delete'}}}"),
              "Refloat notes no other reclaim policy than the one that the volume has"),
          Attempt.refused(
              CONTROLLER,
              patch("pv NOTED", "{'spec':{'persistentVolumeReclaimPolicy':'Recycle'}}"),
              OF_A_RESTORE),
          Attempt.allowed(
              CONTROLLER,
              patch(
                  "pv NOTED",
                  "{'metadata':{'annotations':{'refloat.dev/reclaim-policy-was':null}},'spec':{'persistentVolumeReclaimPolicy':'Delete'}}")),
          Attempt.refused(
              CONTROLLER,
              patch("pv KEPT", "{'spec':{'persistentVolumeReclaimPolicy':'Delete'}}"),
              OF_A_RESTORE));

  private static String patch(String what, String json) {
    return "patch " + what + " --type=merge --patch=" + json.replace('\'', '"');
  }

  private Scene scene;
  private Kubectl kubectl;

  @BeforeAll
  void somethingToChange(Lab lab) {
    scene = Scene.in(lab, "policy");
    scene.running(Scene.optedIn("db")).running(Scene.plain("quiet"));
    scene.world().add(Scene.optedIn("waits").nodeSelector("is", "nowhere"));
    scene.world().awaitUnschedulable("waits-0");
    kubectl = Kubectl.in(lab.controlPlane(), scene.world().namespace());
    retain(scene.volumeOf("data-quiet-0"), "{}");
    scene.running(Scene.plain("noted"));
    retain(scene.volumeOf("data-noted-0"), "{'refloat.dev/reclaim-policy-was':'Delete'}");
    kubectl.says(
        "patch",
        "storageclass",
        scene.world().names().clusterWide("fast"),
        "--patch={\"allowVolumeExpansion\":true}");
    // Each policy begins some time after it was made.
    for (String policy : List.of(OF_A_POD, OF_A_CLAIM, OF_A_VOLUME, OF_A_SECRET)) {
      Attempt any =
          ATTEMPTS.stream()
              .filter(attempt -> attempt.refusal().equals(Optional.of(policy)))
              .findFirst()
              .orElseThrow();
      Await.within(PATIENCE)
          .until(
              any + " to be refused",
              () -> tried(any),
              outcome -> outcome.exitCode() != 0,
              Terminal.Outcome::output);
    }
  }

  private void retain(String volume, String annotations) {
    kubectl.says(
        "patch",
        "pv",
        volume,
        "--patch={'metadata':{'annotations':%s},'spec':{'persistentVolumeReclaimPolicy':'Retain'}}"
            .formatted(annotations)
            .replace('\'', '"'));
  }

  @AfterAll
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @FieldSource("ATTEMPTS")
  void a_token_changes_what_Refloat_changes_and_nothing_else(Attempt attempt) {
    Terminal.Outcome outcome = tried(attempt);

    attempt
        .refusal()
        .ifPresentOrElse(
            words -> {
              assertThat(outcome.output()).contains("ValidatingAdmissionPolicy").contains(words);
              assertThat(outcome.exitCode()).isNotZero();
            },
            () -> assertThat(outcome.exitCode()).as(outcome.output()).isZero());
  }

  private Terminal.Outcome tried(Attempt attempt) {
    List<String> words =
        new ArrayList<>(
            Stream.of(attempt.command().split(" ", -1))
                .map(word -> word.equals("VOLUME") ? scene.volumeOf("data-db-0") : word)
                .map(word -> word.equals("KEPT") ? scene.volumeOf("data-quiet-0") : word)
                .map(word -> word.equals("NOTED") ? scene.volumeOf("data-noted-0") : word)
                .toList());
    words.add("--dry-run=server");
    words.add("--as=system:serviceaccount:refloat-system:" + attempt.account());
    return kubectl.run(words.toArray(String[]::new));
  }
}
