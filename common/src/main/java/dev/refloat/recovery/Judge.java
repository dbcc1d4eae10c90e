package dev.refloat.recovery;

import java.util.List;
import java.util.Optional;

/**
 * Decides about one pod. The first rule that objects has the last word; if none does, the pod is
 * refloated.
 *
 * <p>The order is part of the meaning: what is not ours is never explained by what is wrong with
 * it, and nothing is said about a grace period before the node is known to be lost.
 */
public final class Judge {

  private static final List<Rule> CHECKLIST =
      List.of(
          new Ours(),
          new Stranded(),
          new HalfDone(),
          new ClaimsBound(),
          new NodeLost(),
          new FromTemplates(),
          new Allowed(),
          new LongEnough(),
          new NobodyElse(),
          new SomewhereToGo(),
          new SiblingsReady(),
          new NotALoop(),
          new Calm());

  private Judge() {}

  public static Verdict judge(Situation situation) {
    for (Rule rule : CHECKLIST) {
      Optional<Verdict> objection = rule.objection(situation);
      if (objection.isPresent()) {
        return objection.get();
      }
    }
    return new Verdict.Recover(Plan.of(situation));
  }
}
