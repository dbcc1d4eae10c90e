package dev.refloat.lab.drill.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.samskivert.mustache.Mustache;
import dev.refloat.lab.Resources;
import dev.refloat.lab.drill.run.Summary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What came of drills, for who was not there: one page that needs nothing else, and the same as
 * JSON.
 *
 * @param schedule how many runs, on what
 * @param context of the kubeconfig
 */
public record Report(String schedule, String context, String namespace, Summary summary) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Mustache.Compiler HTML = Mustache.compiler().escapeHTML(true);

  /** Returns the file of the JSON that belongs to a page. */
  public static Path jsonOf(Path page) {
    return page.resolveSibling(page.getFileName() + ".json");
  }

  /** Writes both files. */
  public void write(Path page) {
    Figures figures = Figures.of(this);
    try {
      Files.writeString(page, html(figures));
      Files.writeString(jsonOf(page), json(figures) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + page, e);
    }
  }

  static String json(Figures figures) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(figures);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures are plain values", e);
    }
  }

  static String html(Figures figures) {
    return HTML.compile(Resources.beside(Report.class, "report.html")).execute(Page.of(figures));
  }
}
