package dev.refloat.lab.bench;

import dev.refloat.lab.bench.Findings.RequestCosts;
import dev.refloat.lab.figures.Distribution;
import java.util.Locale;

/** Writes findings as Markdown that can be pasted into the docs. */
record Report(Machine machine, Findings findings) {

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "*%s, %d cores, %.0f GB, load %s at the start, Kubernetes %s, Java %s, commit %s.*%n%n",
            machine.when(),
            machine.cores(),
            machine.memoryGigabytes(),
            machine.load(),
            machine.kubernetes(),
            machine.jdk(),
            machine.commit()));
    text.append(
        "| what | n | median | p99 | floor: median | floor: p99 | ratio | target | met |\n");
    text.append("|---|--:|--:|--:|--:|--:|--:|---|---|\n");
    findings.figures().forEach(figure -> text.append(row(figure)));
    findings.remarks().forEach(remark -> text.append("\n").append(remark).append("\n"));
    findings.requests().forEach(costs -> text.append(table(costs)));
    return text.toString();
  }

  private static String row(Figure figure) {
    Unit unit = figure.unit();
    return "| %s | %d | %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            figure.what(),
            figure.refloat().map(Distribution::count).orElse(0),
            figure.refloat().map(found -> unit.print(found.median())).orElse("–"),
            figure.refloat().map(found -> unit.print(found.p99())).orElse("–"),
            figure.floor().map(floor -> unit.print(floor.median())).orElse(""),
            figure.floor().map(floor -> unit.print(floor.p99())).orElse(""),
            figure.ratio().map(ratio -> String.format(Locale.ROOT, "%.2f", ratio)).orElse(""),
            figure.target().words(),
            figure.met().map(met -> met ? "yes" : "**no**").orElse(""));
  }

  private static String table(RequestCosts costs) {
    StringBuilder text = new StringBuilder();
    boolean shared = costs.per() > 0;
    text.append(
        "%nRequests of %s: %d%s%n%n"
            .formatted(
                costs.title(),
                costs.requests().total(),
                shared
                    ? ", %s per recovery".formatted(share(costs.requests().total(), costs))
                    : ""));
    text.append(shared ? "| request | number | per recovery |\n" : "| request | number |\n");
    text.append(shared ? "|---|--:|--:|\n" : "|---|--:|\n");
    costs
        .requests()
        .counts()
        .forEach(
            (kind, count) ->
                text.append(
                    shared
                        ? "| %s | %d | %s |%n".formatted(kind, count, share(count, costs))
                        : "| %s | %d |%n".formatted(kind, count)));
    return text.toString();
  }

  private static String share(int count, RequestCosts costs) {
    return String.format(Locale.ROOT, "%.2f", (double) count / costs.per());
  }
}
