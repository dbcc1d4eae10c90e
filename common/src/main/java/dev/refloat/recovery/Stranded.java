package dev.refloat.recovery;

import java.util.Optional;

/**
 * Objects to every pod that does not wait for a node.
 *
 * <p>A nominated pod is left alone as long as its node is there: the scheduler nominates while it
 * binds volumes, too, and with a provisioner that does not answer it stays so, which the words say.
 * For a node that is gone it takes the nomination back by itself; until then it proves nothing.
 * Answers for S05, S06.
 */
final class Stranded implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    Pod pod = situation.pod();
    if (pod.terminating()) {
      return Optional.of(new Verdict.Leave.Terminating());
    }
    if (pod.node().isPresent()) {
      return Optional.of(new Verdict.Leave.HasNode(pod.node().get()));
    }
    if (!pod.phase().equals("Pending")) {
      return Optional.of(new Verdict.Leave.NotPending(pod.phase()));
    }
    if (pod.gated()) {
      return Optional.of(new Verdict.Leave.Gated());
    }
    return pod.nominatedNode()
        .filter(name -> situation.cluster().named(name).isPresent())
        .map(Verdict.Leave.Nominated::new);
  }
}
