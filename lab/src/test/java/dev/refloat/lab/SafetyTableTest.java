package dev.refloat.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the table of {@code docs/safety.md} against the code of all modules. */
class SafetyTableTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW = Pattern.compile("\\| (S\\d\\d) \\|.*");
  private static final Pattern IN_TICKS = Pattern.compile("`([^`]+)`");
  private static final Pattern IN_QUOTES = Pattern.compile("\"([^\"]+)\"");
  private static final Pattern TEST_METHOD = Pattern.compile("void\\s+(\\w+)\\s*\\(");
  private static final Pattern NUMBER = Pattern.compile("S\\d\\d(?=_)");
  private static final Pattern RECORD = Pattern.compile("record (\\w+)\\([^{]*implements");

  /** The numbers that there are. */
  private static final NavigableSet<String> CASES =
      Stream.of(
              IntStream.rangeClosed(1, 8),
              IntStream.rangeClosed(10, 23),
              IntStream.rangeClosed(30, 58))
          .flatMapToInt(range -> range)
          .mapToObj("S%02d"::formatted)
          .collect(Collectors.toCollection(TreeSet::new));

  /** A line of the table; the cells are as they are written. */
  private record Row(
      String number, String decides, String unitTests, String labTests, String shows) {

    static Row of(String line) {
      String[] cells = line.substring(1).split("\\|", -1);
      assertThat(cells).as("cells of %s", line).hasSize(7);
      return new Row(
          cells[0].strip(), cells[2].strip(), cells[3].strip(), cells[4].strip(), cells[5].strip());
    }

    List<String> told() {
      return List.of(decides, unitTests, labTests, shows);
    }
  }

  /** A test method, written {@code Class.method}. */
  private record Method(String type, String name) {

    boolean isInLab() {
      return type.endsWith("IT");
    }

    NavigableSet<String> numbers() {
      return NUMBER
          .matcher(name)
          .results()
          .map(MatchResult::group)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public String toString() {
      return type + "." + name;
    }
  }

  private final List<Row> rows = rows();
  private final List<Method> methods = methods();

  @Test
  void every_number_is_in_the_table_exactly_once_and_in_order() {
    assertThat(rows).extracting(Row::number).containsExactlyElementsOf(CASES);
  }

  @Test
  void every_test_with_a_number_is_in_the_row_of_that_number_and_each_that_is_named_exists() {
    for (Row row : rows) {
      holds(row.number(), "unit tests", row.unitTests(), method -> !method.isInLab());
      holds(row.number(), "tests on the real control plane", row.labTests(), Method::isInLab);
    }
  }

  private void holds(String number, String column, String cell, Predicate<Method> kind) {
    Set<String> existing =
        methods.stream().filter(kind).map(Method::toString).collect(Collectors.toSet());
    NavigableSet<String> named = new TreeSet<>(inTicks(cell));
    NavigableSet<String> missing =
        methods.stream()
            .filter(kind)
            .filter(method -> method.numbers().contains(number))
            .map(Method::toString)
            .filter(method -> !named.contains(method))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named).as("%s of %s in docs/safety.md", column, number).isSubsetOf(existing);
    assertThat(missing)
        .as(
            "docs/safety.md lacks %s of %s; paste %s",
            column,
            number,
            missing.stream().map(method -> "`" + method + "`").collect(Collectors.joining("<br>")))
        .isEmpty();
  }

  @Test
  void a_number_that_there_is_no_case_for_is_in_no_test() {
    assertThat(methods).filteredOn(method -> !CASES.containsAll(method.numbers())).isEmpty();
  }

  @Test
  void no_cell_is_empty() {
    assertThat(rows).flatExtracting(Row::told).noneMatch(String::isBlank);
  }

  @Test
  void every_rule_is_a_class() {
    Set<String> classes =
        sources("main").map(SafetyTableTest::typeName).collect(Collectors.toSet());
    for (Row row : rows) {
      assertThat(inTicks(row.decides())).as("rules of %s", row.number()).isSubsetOf(classes);
    }
  }

  @Test
  void every_reason_is_one_that_can_be_met() {
    Set<String> reasons =
        sources("main")
            .filter(file -> Set.of("Verdict", "Outcome", "Finding").contains(typeName(file)))
            .flatMap(file -> RECORD.matcher(text(file)).results())
            .map(match -> match.group(1))
            .collect(Collectors.toSet());
    assertThat(reasons).contains("Recover", "GracePeriod", "ClaimDoomed");
    for (Row row : rows) {
      assertThat(inTicks(row.shows())).as("reasons of %s", row.number()).isSubsetOf(reasons);
    }
  }

  @Test
  void every_phrase_is_one_that_is_said() {
    List<String> sources = sources("main").map(SafetyTableTest::text).toList();
    for (Row row : rows) {
      assertThat(matches(IN_QUOTES, row.shows()))
          .as("phrases of %s", row.number())
          .allMatch(phrase -> sources.stream().anyMatch(source -> source.contains(phrase)));
    }
  }

  private static List<Row> rows() {
    return text(ROOT.resolve("docs/safety.md"))
        .lines()
        .filter(line -> ROW.matcher(line).matches())
        .map(Row::of)
        .toList();
  }

  private static List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    sources("test")
        .filter(file -> typeName(file).endsWith("Test") || typeName(file).endsWith("IT"))
        .forEach(
            file ->
                TEST_METHOD
                    .matcher(text(file))
                    .results()
                    .forEach(match -> methods.add(new Method(typeName(file), match.group(1)))));
    return methods;
  }

  private static List<String> inTicks(String cell) {
    return matches(IN_TICKS, cell);
  }

  private static List<String> matches(Pattern pattern, String cell) {
    return pattern.matcher(cell).results().map(match -> match.group(1)).toList();
  }

  /** The Java files of all modules, {@code main} or {@code test}. */
  private static Stream<Path> sources(String kind) {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src").resolve(kind).resolve("java"))
          .filter(Files::isDirectory)
          .flatMap(SafetyTableTest::javaFiles)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the modules", e);
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot walk " + folder, e);
    }
  }

  private static String typeName(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ".java".length());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
