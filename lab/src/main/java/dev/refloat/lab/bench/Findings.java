package dev.refloat.lab.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a benchmark has found.
 *
 * @param requests who asked the API server for what
 * @param remarks what a reader must know beside the figures, a sentence each
 */
record Findings(List<Figure> figures, List<RequestCosts> requests, List<String> remarks) {

  static final Findings NONE = new Findings(List.of(), List.of(), List.of());

  Findings {
    figures = List.copyOf(figures);
    requests = List.copyOf(requests);
    remarks = List.copyOf(remarks);
  }

  /**
   * The requests of one client.
   *
   * @param title whose they are
   * @param per how many recoveries they are shared by
   */
  record RequestCosts(String title, Requests requests, int per) {}

  Findings and(Findings more) {
    return new Findings(
        joined(figures, more.figures),
        joined(requests, more.requests),
        joined(remarks, more.remarks));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
