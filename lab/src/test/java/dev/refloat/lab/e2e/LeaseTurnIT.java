package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.world.World;
import dev.refloat.webhook.sweep.LeaseTurn;
import dev.refloat.webhook.sweep.Turn.Answer;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whose turn it is, by a real Lease and clocks of the test. */
@ExtendWith(Lab.Shared.class)
class LeaseTurnIT {

  private static final Duration LASTS = Duration.ofSeconds(30);

  private final AtomicLong ticks = new AtomicLong();

  @Test
  void a_turn_is_kept_and_given_back(Lab lab) {
    try (World world = World.create(lab.controlPlane(), "turn")) {
      LeaseTurn one = turn(lab, world, "one");
      LeaseTurn other = turn(lab, world, "other");
      assertThat(one.take()).isEqualTo(new Answer.Ours());
      assertThat(one.take()).isEqualTo(new Answer.Ours());
      assertThat(other.take()).isEqualTo(new Answer.Theirs("one"));

      // Who does not have it gives nothing back.
      other.close();
      assertThat(lease(lab, world).getSpec().getHolderIdentity()).isEqualTo("one");

      one.close();
      assertThat(lease(lab, world).getSpec().getHolderIdentity()).isEmpty();
      assertThat(other.take()).isEqualTo(new Answer.Ours());
      assertThat(one.take()).isEqualTo(new Answer.Theirs("other"));
    }
  }

  @Test
  void a_turn_ends_when_it_was_seen_unchanged_for_as_long_as_it_lasts(Lab lab) {
    try (World world = World.create(lab.controlPlane(), "turn")) {
      // Its clock is wrong, which must not matter to anybody.
      LeaseTurn dead = turn(lab, world, "dead", () -> Instant.now().minus(Duration.ofDays(2_000)));
      LeaseTurn heir = turn(lab, world, "heir");
      assertThat(dead.take()).isEqualTo(new Answer.Ours());
      assertThat(heir.take()).isEqualTo(new Answer.Theirs("dead"));

      ticks.addAndGet(LASTS.minusNanos(1).toNanos());
      assertThat(heir.take()).isEqualTo(new Answer.Theirs("dead"));
      // Not dead after all: the wait begins anew.
      assertThat(dead.take()).isEqualTo(new Answer.Ours());
      ticks.addAndGet(LASTS.minusNanos(1).toNanos());
      assertThat(heir.take()).isEqualTo(new Answer.Theirs("dead"));

      ticks.addAndGet(LASTS.toNanos());
      assertThat(heir.take()).isEqualTo(new Answer.Ours());
      assertThat(dead.take()).isEqualTo(new Answer.Theirs("heir"));
      assertThat(lease(lab, world).getSpec().getLeaseTransitions()).isEqualTo(2);

      // And gives nothing back that is somebody else's by now.
      dead.close();
      assertThat(lease(lab, world).getSpec().getHolderIdentity()).isEqualTo("heir");
    }
  }

  private LeaseTurn turn(Lab lab, World world, String identity) {
    return turn(lab, world, identity, InstantSource.system());
  }

  private LeaseTurn turn(Lab lab, World world, String identity, InstantSource wall) {
    return new LeaseTurn(lab.client(), world.namespace(), identity, wall, ticks::get);
  }

  private static Lease lease(Lab lab, World world) {
    return lab.client().leases().inNamespace(world.namespace()).withName("refloat-sweep").get();
  }
}
