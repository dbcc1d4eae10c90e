package dev.refloat.certs;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The next step towards certificates that are as wanted. After each step everything is read and
 * judged again: a crash after any of them leaves nothing to repair.
 *
 * <p>A new authority is led in by {@link StageAuthority}, {@link PromoteAuthority}, {@link
 * IssueLeaf} and {@link RetireAuthority}. In between the webhook configurations get the bundle of
 * all authorities that there are, which is not a step but done with every {@link Nothing}.
 */
sealed interface CertificatePlan {

  /**
   * Nothing is to be written to a Secret now.
   *
   * @param serving what is to be served; empty while what is served is the only one that there is
   * @param early what begins in the future, by our clock
   */
  record Nothing(Optional<Credential> serving, Optional<Reason.NotYetValid> early)
      implements CertificatePlan {}

  /** One guarded write to a Secret. */
  sealed interface Step extends CertificatePlan {
    Reason why();
  }

  /** A new serving certificate by the authority that there is. */
  record IssueLeaf(Credential authority, Reason why) implements Step {}

  /** A new authority beside the one that signs, to be trusted before it signs anything. */
  record StageAuthority(Reason why) implements Step {}

  /**
   * The staged authority signs from now on. Of the one before, the key is forgotten.
   *
   * @param previous to be trusted on; empty = whoever is trusted on already stays so
   */
  record PromoteAuthority(Credential next, Optional<Anchor> previous, Reason why) implements Step {}

  /** The previous authority is not trusted any more. */
  record RetireAuthority(Reason why) implements Step {}

  /** A staged authority is taken away again. */
  record DropStaged(Reason why) implements Step {}

  /**
   * An authority that is not ours any more is trusted on, because what it signed is served. It got
   * lost with its Secret, or somebody replaced that.
   */
  record KeepAuthority(Anchor previous, Reason why) implements Step {}

  /**
   * A new authority in place of one that cannot sign.
   *
   * @param previous to be trusted on; empty = whoever is trusted on already stays so
   */
  record IssueAuthority(Optional<Anchor> previous, Reason why) implements Step {}

  /** Why a certificate is replaced. */
  sealed interface Reason {

    record Absent() implements Reason {
      @Override
      public String toString() {
        return "there is none";
      }
    }

    record Unusable(String why) implements Reason {
      @Override
      public String toString() {
        return "it " + why;
      }
    }

    /** A third of its life, or less, is left. */
    record Due(Instant notAfter) implements Reason {
      @Override
      public String toString() {
        return "it ends at " + notAfter;
      }
    }

    record Ended(Instant notAfter) implements Reason {
      @Override
      public String toString() {
        return "it has ended at " + notAfter;
      }
    }

    /** It begins in the future: the clock of whoever issued it was, or ours is, wrong. */
    record NotYetValid(Instant notBefore) implements Reason {
      @Override
      public String toString() {
        return "it does not begin before " + notBefore + "; check the clocks";
      }
    }

    /** It cannot sign others. */
    record NoAuthority() implements Reason {
      @Override
      public String toString() {
        return "it is not the certificate of an authority";
      }
    }

    record ByAnotherAuthority() implements Reason {
      @Override
      public String toString() {
        return "it is not signed by the present authority";
      }
    }

    /** It is not good for these, sorted. */
    record OtherHosts(NavigableSet<Host> missing) implements Reason {
      public OtherHosts {
        missing = Collections.unmodifiableNavigableSet(new TreeSet<>(missing));
      }

      @Override
      public String toString() {
        return "it is not good for " + missing;
      }
    }

    /** Every API server knows it by now. */
    record Settled(Duration settling) implements Reason {
      @Override
      public String toString() {
        return "all webhook configurations have trusted it for " + seconds(settling);
      }
    }

    /** It has signed what is served. */
    record StillServed() implements Reason {
      @Override
      public String toString() {
        return "it has signed the certificate that is served";
      }
    }

    /** Nothing that it has signed is served any more. */
    record Superseded(Duration overlap) implements Reason {
      @Override
      public String toString() {
        return "a certificate by its successor has been there for " + seconds(overlap);
      }
    }

    private static String seconds(Duration duration) {
      return duration.toMillis() % 1000 == 0
          ? duration.toSeconds() + " s"
          : duration.toMillis() + " ms";
    }
  }
}
