package dev.refloat.controller.report;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Pod;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The audit trail of one recovery: a line for each write, with who, what, which UID and why. The
 * phrases are those that operators grep for.
 *
 * @param why the evidence that convicted
 * @param by this process, by the name that the Lease knows
 * @param claimDeleted told of each claim that was deleted
 */
public record Audit(
    SetKey key,
    ObjectId pod,
    String why,
    String by,
    boolean dryRun,
    Consumer<Plan.Step.DeleteClaim> claimDeleted) {

  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  static final String LET_STAY = "Claim is marked to stay, no delete on its way is good for it";

  /** Says a plan that is not carried out. */
  public void rehearsed(Plan plan) {
    for (Plan.Step step : plan.steps()) {
      switch (step) {
        case Plan.Step.KeepData keep ->
            line(keep.target())
                .addKeyValue("pv", keep.target().name())
                .log("Dry run: would set the volume to Retain");
        case Plan.Step.DeleteClaim delete ->
            line(delete.target())
                .addKeyValue("pvc", delete.target().name())
                .addKeyValue("pv", delete.volume().orElse(""))
                .log("Dry run: would delete the PVC");
        case Plan.Step.DeletePod delete ->
            line(delete.target()).log("Dry run: would delete the pod");
      }
    }
  }

  public void kept(Plan.Step.KeepData step) {
    line(step.target())
        .addKeyValue("pv", step.target().name())
        .addKeyValue("reclaimPolicyWas", step.policyWas())
        .log("Volume is set to Retain, its data stays on the disk");
  }

  /** A delete that is still on its way is refused by now: {@code refloat.dev/stays} (S40). */
  public void letStay(ObjectId claim) {
    line(claim).addKeyValue("pvc", claim.name()).log(LET_STAY);
  }

  public void restored(Plan.Step.KeepData step) {
    line(step.target())
        .addKeyValue("pv", step.target().name())
        .addKeyValue("reclaimPolicy", step.policyWas())
        .log("Volume is set back, its claim stays");
  }

  public void leftRetained(Plan.Step.KeepData step, String reason) {
    log.atWarn()
        .addKeyValue("namespace", key.namespace())
        .addKeyValue("statefulset", key.name())
        .addKeyValue("pod", pod.name())
        .addKeyValue("pvc", step.owner().claim())
        .addKeyValue("pv", step.target().name())
        .addKeyValue("reclaimPolicyWas", step.policyWas())
        .addKeyValue("by", by)
        .addKeyValue("why", reason)
        .log("Failed to set the volume back, it stays Retain until a later look");
  }

  public void deletedClaim(Plan.Step.DeleteClaim step) {
    line(step.target())
        .addKeyValue("pvc", step.target().name())
        .addKeyValue("pv", step.volume().orElse(""))
        .log("Successfully deleted PVC");
    claimDeleted.accept(step);
  }

  public void claimWasGone(Plan.Step.DeleteClaim step) {
    line(step.target())
        .addKeyValue("pvc", step.target().name())
        .log("PVC is gone already, no delete needed");
  }

  public void deletedPod(Plan.Step.DeletePod step) {
    line(step.target()).log("Successfully deleted pod");
  }

  public void podAlreadyBound(Plan.Step.DeletePod step, Pod now) {
    line(step.target())
        .addKeyValue("node", now.node().orElse(""))
        .log("Pod already bound, no delete needed");
  }

  public void podWasReplaced(Plan.Step.DeletePod step) {
    line(step.target()).log("Pod is replaced already, no delete needed");
  }

  private LoggingEventBuilder line(ObjectId target) {
    return log.atInfo()
        .addKeyValue("namespace", key.namespace())
        .addKeyValue("statefulset", key.name())
        .addKeyValue("pod", pod.name())
        .addKeyValue("uid", target.uid())
        .addKeyValue("by", by)
        .addKeyValue("dryRun", dryRun)
        .addKeyValue("why", why);
  }
}
