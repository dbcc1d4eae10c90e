package dev.refloat.lab.drill.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.drill.run.Outcome;
import dev.refloat.lab.drill.run.Runs;
import dev.refloat.lab.drill.run.Summary;
import dev.refloat.lab.drill.run.Summary.Enough;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {

  private static final String HOSTILE = "<script>alert(1)</script> & \"quotes\"";

  private static Figures figures(Outcome... outcomes) {
    return Figures.of(
        new Report("2 runs", HOSTILE, "poc", new Summary(List.of(outcomes), Enough.ALL)));
  }

  /** Returns the pictures of a page as XML, which fails if they are none. */
  private static List<Document> pictures(String html) throws Exception {
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    List<Document> pictures = new ArrayList<>();
    for (int from = html.indexOf("<svg"); from >= 0; from = html.indexOf("<svg", from + 1)) {
      String svg = html.substring(from, html.indexOf("</svg>", from) + "</svg>".length());
      pictures.add(parser.parse(new InputSource(new StringReader(svg))));
    }
    return pictures;
  }

  @Test
  void the_page_has_the_spread_the_recoveries_and_a_timeline_of_each_run() throws Exception {
    String html = Report.html(figures(Runs.away(6), Runs.away(8), Runs.lost("Pending")));

    assertThat(html).doesNotContain("{{").contains("FAIL").contains("2 of 3 runs passed (67 %)");
    List<Document> pictures = pictures(html);
    assertThat(pictures).hasSize(5);
    assertThat(pictures.get(0).getElementsByTagName("circle").getLength()).as("runs").isEqualTo(2);
    assertThat(pictures.get(2).getElementsByTagName("rect").getLength()).as("phases").isEqualTo(2);
  }

  @Test
  void the_page_needs_nothing_else() {
    assertThat(Report.html(figures(Runs.away(6), Runs.away(8))))
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("<script")
        .doesNotContain("<link")
        .doesNotContain("src=");
  }

  @Test
  void what_the_cluster_says_is_no_markup() {
    String html = Report.html(figures(Runs.lost(HOSTILE)));

    assertThat(html).doesNotContain("<script>").contains("&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  @Test
  void one_recovery_is_no_distribution() throws Exception {
    assertThat(pictures(Report.html(figures(Runs.away(6)))))
        .as("the recovery and the timeline")
        .hasSize(2);
  }

  @Test
  void the_JSON_has_the_same(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("drill.html");
    new Report("2 runs", "lab", "poc", new Summary(List.of(Runs.away(6), Runs.away(8)), Enough.ALL))
        .write(page);

    JsonNode json = new ObjectMapper().readTree(Files.readString(Report.jsonOf(page)));
    assertThat(Report.jsonOf(page)).hasFileName("drill.html.json");
    assertThat(json.path("result").asText()).isEqualTo("PASS");
    assertThat(json.path("runs")).hasSize(2);
    assertThat(json.at("/runs/0/awaySeconds").asDouble()).isEqualTo(6);
    assertThat(json.at("/runs/0/from").asText()).isEqualTo("2026-11-30T10:00:00Z");
    assertThat(json.at("/runs/0/phases/1/checks/0/seen").asText()).isEqualTo("Ready on node-2");
    assertThat(json.at("/runs/0/moments/0/what").asText()).isEqualTo("taken away");
    assertThat(json.at("/times/0/what").asText()).isEqualTo("away");
    assertThat(json.at("/times/0/p95").asDouble()).isEqualTo(8);
  }

  @Test
  void many_runs_that_took_the_same_are_one_column() {
    Figures figures =
        Figures.of(
            new Report(
                "20 runs",
                "lab",
                "poc",
                new Summary(Collections.nCopies(20, Runs.away(6)), Enough.ALL)));

    Spread spread = Spread.of(figures.times().getFirst());

    assertThat(spread.columns()).singleElement().matches(column -> column.runs() == 20);
    assertThat(spread.dots()).hasSize(20);
  }

  @Test
  void the_words_of_a_colour_end_before_the_next_one_begins() {
    List<Voyages.Key> keys = Voyages.of(figures(Runs.away(6)).runs()).getFirst().keys();

    assertThat(keys).hasSize(5);
    int widthOfALetter = 7; // of 12 px text, rather more than less
    for (int next = 1; next < keys.size(); next++) {
      Voyages.Key key = keys.get(next - 1);
      assertThat(key.text() + widthOfALetter * key.what().length())
          .as(key.what())
          .isLessThan(keys.get(next).x());
    }
    assertThat(keys.getLast().text() + widthOfALetter * keys.getLast().what().length())
        .isLessThan(960);
  }
}
