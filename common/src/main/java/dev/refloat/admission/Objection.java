package dev.refloat.admission;

/**
 * One thing wrong with an object, in the form in which Kubernetes itself tells such things.
 *
 * @param field its path, such as {@code spec.template.metadata.annotations[refloat.dev/after]}
 * @param words what is there and what was expected, to be read after the kind
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go">errors.go</a>
 */
public record Objection(String field, Kind kind, String words) {

  private static final int LONGEST_VALUE = 100;

  /** The kinds that Kubernetes knows, as far as they occur here. */
  public enum Kind {
    /** The value makes no sense. */
    INVALID("FieldValueInvalid", "Invalid value"),
    /** It makes sense, but not there. */
    FORBIDDEN("FieldValueForbidden", "Forbidden");

    private final String reason;
    private final String words;

    Kind(String reason, String words) {
      this.reason = reason;
      this.words = words;
    }

    /** The word for machines, in {@code status.details.causes}. */
    public String reason() {
      return reason;
    }
  }

  static Objection invalid(String field, String value, String expected) {
    return new Objection(field, Kind.INVALID, quoted(brief(value)) + ": expected " + expected);
  }

  /** Enough to see what is wrong with it. */
  private static String brief(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "...";
  }

  /** What cannot be seen, and what would end the quotes, is escaped. */
  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            each -> {
              if (each == '"' || each == '\\') {
                text.append('\\').appendCodePoint(each);
              } else if (Character.isISOControl(each)) {
                text.append("\\u%04x".formatted(each));
              } else {
                text.appendCodePoint(each);
              }
            });
    return text.append('"').toString();
  }

  static Objection forbidden(String field, String why) {
    return new Objection(field, Kind.FORBIDDEN, why);
  }

  /** Without the field: {@code Invalid value: "soon": expected a duration}. */
  public String body() {
    return kind.words + ": " + words;
  }

  @Override
  public String toString() {
    return field + ": " + body();
  }
}
