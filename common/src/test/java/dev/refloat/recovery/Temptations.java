package dev.refloat.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a reckless program would do: give up whatever the pod has, in one way or another. */
final class Temptations {

  private Temptations() {}

  /** To delete the pod only, all its claims, and each of them alone. */
  static List<Plan> of(Situation world) {
    List<Plan> plans = new ArrayList<>();
    plans.add(plan(world, List.of()));
    plans.add(plan(world, world.storage()));
    for (PodStorage each : world.storage()) {
      plans.add(plan(world, List.of(each)));
    }
    return plans;
  }

  private static Plan plan(Situation world, List<PodStorage> claims) {
    Map<String, String> template =
        world.owner().map(OwningSet::templateAnnotations).orElse(Map.of());
    boolean keep = !"discard".equals(template.get("refloat.dev/data"));
    String pod = world.pod().id().name();
    String set = world.owner().map(owner -> owner.id().name()).orElse("");
    int ordinal = pod.matches(".*-\\d+") ? Integer.parseInt(pod.replaceAll(".*-", "")) : 0;
    List<Plan.Step> steps = new ArrayList<>();
    for (PodStorage each : claims) {
      if (keep && each instanceof PodStorage.Present(_, Claim claim, Volume volume, _)) {
        ObjectId id = claim.id();
        steps.add(
            new Plan.Step.KeepData(
                volume.id(),
                volume.policyBeforeKept().orElse(volume.reclaimPolicy()),
                new Plan.KeptFor(id.namespace(), id.name(), id.uid(), set, ordinal)));
      }
    }
    for (PodStorage each : claims) {
      Recovery.claimOf(each)
          .map(claim -> new Plan.Step.DeleteClaim(claim.id(), Optional.empty()))
          .ifPresent(steps::add);
    }
    steps.add(new Plan.Step.DeletePod(world.pod().id()));
    return new Plan(steps, "temptation");
  }
}
