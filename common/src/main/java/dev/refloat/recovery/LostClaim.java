package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.storage.Locality;
import java.time.Duration;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A claim that cannot be used any more, and why: a candidate for deletion.
 *
 * <p>Each way has its own proof, its own {@link Cause} and the same budgets. Only the first has
 * data that can be kept.
 */
public sealed interface LostClaim {

  /** What was found behind the pod's volume. */
  PodStorage storage();

  Claim claim();

  /** In which ways it is lost; never empty. */
  Set<LostState> states();

  /** What is lost, for words: {@code node n1}. */
  String what();

  /** The evidence for each way, for words. */
  String why();

  /** The causes, one for each way, by which since when is remembered. */
  Set<Cause> causes();

  /** The names of the nodes that are lost, sorted: one for each node. */
  NavigableSet<String> nodes();

  /** Every name and hostname by which a node may come whose change would end it, sorted. */
  default NavigableSet<String> names() {
    return nodes();
  }

  /** The volume, where there still is one. */
  default Optional<Volume> volume() {
    return Optional.empty();
  }

  /**
   * The least time for which it must have been so, whatever the opt-in says.
   *
   * <p>A node has a state that others vouch for; an object that answers 404 has only our word.
   */
  default Duration leastGrace() {
    return Duration.ZERO;
  }

  /** Its volume is on a node that is lost. */
  record OnLostNode(PodStorage.Present storage, Locality.Pinned pinned, Home.Lost home)
      implements LostClaim {

    @Override
    public Claim claim() {
      return storage.claim();
    }

    @Override
    public Optional<Volume> volume() {
      return Optional.of(storage.volume());
    }

    @Override
    public NavigableSet<String> nodes() {
      return pinned.names();
    }

    @Override
    public NavigableSet<String> names() {
      NavigableSet<String> names = new TreeSet<>(pinned.aliases());
      // The key of a driver may hold what is neither its Node's name nor its hostname.
      home.causes().stream()
          .map(Home.Loss::node)
          .filter(name -> !name.isEmpty())
          .forEach(names::add);
      return names;
    }

    @Override
    public Set<LostState> states() {
      return home.causes().stream().map(Home.Loss::state).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String what() {
      return "node " + home.name();
    }

    @Override
    public String why() {
      return home.causes().stream()
          .map(
              loss ->
                  "volume "
                      + storage.volume().name()
                      + " is pinned to "
                      + home.name()
                      + ": "
                      + loss.state()
                      + ", "
                      + loss.evidence())
          .collect(Collectors.joining("; "));
    }

    @Override
    public Set<Cause> causes() {
      return home.causes().stream().map(this::cause).collect(Collectors.toUnmodifiableSet());
    }

    Cause cause(Home.Loss loss) {
      return new Cause.NodeLost(
          storage.volume().id().uid(),
          pinned.affinity(),
          loss.state(),
          loss.nodeUid(),
          loss.notBefore());
    }
  }

  /**
   * It was bound to a volume whose object somebody deleted (S39). The data, if any is left, can not
   * be reached through Kubernetes any more.
   */
  record VolumeGone(PodStorage.VolumeAbsent storage) implements LostClaim {

    private static final Duration LEAST_GRACE = Duration.ofMinutes(10);

    @Override
    public Claim claim() {
      return storage.claim();
    }

    @Override
    public Set<LostState> states() {
      return Set.of(LostState.GONE);
    }

    @Override
    public NavigableSet<String> nodes() {
      return Collections.emptyNavigableSet();
    }

    @Override
    public String what() {
      return "volume " + storage.volumeName();
    }

    @Override
    public String why() {
      return "volume " + storage.volumeName() + " does not exist any more";
    }

    @Override
    public Set<Cause> causes() {
      return Set.of(new Cause.VolumeGone(claim().id().uid(), storage.volumeName()));
    }

    @Override
    public Duration leastGrace() {
      return LEAST_GRACE;
    }
  }

  /**
   * The scheduler chose a node for it that died before the volume was made (S55). The choice is
   * never taken back by anybody, and there is no data yet.
   */
  record NeverProvisioned(PodStorage.Unbound storage, String node, String evidence)
      implements LostClaim {

    @Override
    public Claim claim() {
      return storage.claim();
    }

    @Override
    public Set<LostState> states() {
      return Set.of(LostState.GONE);
    }

    @Override
    public NavigableSet<String> nodes() {
      return new TreeSet<>(Set.of(node));
    }

    @Override
    public String what() {
      return "selected node " + node;
    }

    @Override
    public String why() {
      return "claim "
          + claim().name()
          + " has no volume and waits for node "
          + node
          + ", which was chosen for it: "
          + evidence;
    }

    @Override
    public Set<Cause> causes() {
      return Set.of(new Cause.SelectedNodeGone(claim().id().uid(), node));
    }
  }
}
