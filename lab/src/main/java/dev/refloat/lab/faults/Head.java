package dev.refloat.lab.faults;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of an HTTP/1.1 message, kept as it came.
 *
 * @param text all lines with their ends, the empty one included; a character is a byte
 */
record Head(String text) {

  private String start() {
    return text.substring(0, text.indexOf("\r\n"));
  }

  /** Returns that word of the first line. */
  private String word(int index) {
    List<String> words = List.of(start().split(" "));
    if (words.size() < 2) {
      throw new IllegalArgumentException("the first line is '" + start() + "'; expected HTTP/1.1");
    }
    return words.get(index);
  }

  String method() {
    return word(0);
  }

  String target() {
    return word(1);
  }

  int status() {
    return Integer.parseInt(word(1));
  }

  /** Returns the first header of that name. */
  Optional<String> header(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return text.lines()
        .skip(1)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst();
  }

  boolean says(String name, String value) {
    return header(name).filter(value::equalsIgnoreCase).isPresent();
  }

  boolean isChunked() {
    return says("Transfer-Encoding", "chunked");
  }

  Optional<Long> contentLength() {
    return header("Content-Length").map(Long::valueOf);
  }
}
