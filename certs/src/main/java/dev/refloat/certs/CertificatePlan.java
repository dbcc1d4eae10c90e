package dev.refloat.certs;

import java.time.Instant;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The next step towards certificates that are as wanted. Each step is one guarded write, after
 * which everything is read and judged again: a crash after any of them leaves nothing to repair.
 */
public sealed interface CertificatePlan {

  /** Everything is as wanted. */
  record Nothing(Credential authority, Credential serving) implements CertificatePlan {}

  /** A new serving certificate by the authority that there is. */
  record IssueLeaf(Credential authority, Reason why) implements CertificatePlan {}

  /**
   * A new authority, in one step. A new serving certificate follows by itself: the one that there
   * is, if any, is not by the new authority.
   */
  record IssueAuthorityAndLeaf(Reason why) implements CertificatePlan {}

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
  }
}
