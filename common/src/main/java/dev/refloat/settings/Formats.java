package dev.refloat.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The formats of all settings. */
final class Formats {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  static final Format<Boolean> YES_OR_NO =
      new Format<>(
          "`true` or `false`",
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> new Reading.Value<>(true);
                case "false" -> new Reading.Value<>(false);
                default -> new Reading.Expected<>("true or false");
              },
          String::valueOf);

  static final Format<HostAndPort> ADDRESS =
      Format.of(
          "IP address and port, 0 = any free port",
          "an IP address of this machine and a port from 0 to 65535 such as 0.0.0.0:8080 or [::]:0",
          HostAndPort::parse,
          HostAndPort::toString);

  static final Format<Percentage> SHARE =
      Format.of(
          "whole percentage, `0%` to `100%`",
          "a whole percentage from 0% to 100%", Percentage::parse, Percentage::toString);

  static final Format<CertificateSource> CERTIFICATES =
      Format.of(
          "`managed`, or `files:` and the folder of `tls.crt` and `tls.key`",
          "managed, or files: and an absolute folder such as files:/certificates",
          CertificateSource::parse,
          CertificateSource::toString);

  static final Format<String> NAMESPACE =
      Format.of(
          "name of a namespace",
          "the name of a namespace such as refloat-system",
          text -> Optional.of(text).filter(Names::isLabel),
          Function.identity());

  static final Format<String> OBJECT_NAME =
      Format.of(
          "name of an object",
          "the name of an object in Kubernetes: at most 253 of a-z, 0-9, '-' and '.'",
          text -> Optional.of(text).filter(Names::isSubdomain),
          Function.identity());

  static final Format<Optional<String>> FILE =
      new Format<>(
          "path of a file",
          text -> new Reading.Value<>(Optional.of(text).filter(path -> !path.isEmpty())),
          path -> path.orElse(""));

  static final Format<WatchedNamespaces> NAMESPACES =
      listOf("namespaces", "the name of a namespace such as localstorage-poc", Names::isLabel)
          .as(
              names ->
                  names.isEmpty() ? new WatchedNamespaces.All() : new WatchedNamespaces.Only(names),
              watched ->
                  switch (watched) {
                    case WatchedNamespaces.All() -> new TreeSet<>();
                    case WatchedNamespaces.Only(var names) -> new TreeSet<>(names);
                  });

  static final Format<Set<String>> PROVISIONERS =
      listOf("provisioners", "a provisioner such as rancher.io/local-path", Names::isQualified)
          .as(TreeSet::new, TreeSet::new);

  static final Format<Set<String>> NODE_KEYS =
      listOf(
              "node label keys that name one node, so no zones",
              "the key of a label that tells one node from all others, such as"
                  + " topology.example.com/node",
              key -> Names.isQualified(key) && !Names.isWiderThanANode(key))
          .as(TreeSet::new, TreeSet::new);

  static final Format<List<String>> HOSTS =
      listOf(
              "DNS names and IP addresses",
              "a DNS name such as refloat-webhook.refloat-system.svc, or an IP address",
              host -> IpAddresses.isAddress(host) || Names.isHost(host))
          .as(List::copyOf, LinkedHashSet::new);

  private Formats() {}

  /** One of the constants of an enum, in any case. */
  static <E extends Enum<E>> Format<E> oneOf(Class<E> choices) {
    List<String> known = Arrays.stream(choices.getEnumConstants()).map(Formats::lower).toList();
    return Format.of(
        known.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")),
        "one of " + String.join(", ", known),
        text ->
            Arrays.stream(choices.getEnumConstants())
                .filter(choice -> choice.name().equalsIgnoreCase(text))
                .findFirst(),
        Formats::lower);
  }

  static Format<Integer> number(int least, int most) {
    String range = least + " to " + most;
    return Format.of(
        "number, " + range,
        "a whole number from " + range,
        text ->
            Optional.of(text)
                .filter(NUMBER.asMatchPredicate())
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most),
        String::valueOf);
  }

  static Format<Duration> duration(String least, String most) {
    Duration shortest = Durations.parse(least).orElseThrow();
    Duration longest = Durations.parse(most).orElseThrow();
    return new Format<>(
        "duration, " + least + " to " + most,
        text -> {
          Optional<Duration> duration = Durations.parse(text);
          if (duration.isEmpty()) {
            return new Reading.Expected<>(Durations.FORMAT);
          }
          return shortest.compareTo(duration.get()) <= 0 && duration.get().compareTo(longest) <= 0
              ? new Reading.Value<>(duration.get())
              : new Reading.Expected<>("a duration from " + least + " to " + most);
        },
        Durations::print);
  }

  /**
   * Names between commas, each kept once, in the order in which they were written.
   *
   * <p>An empty part is a mistake: of the list {@code ","} nobody knows whether it was meant to be
   * nothing or everything.
   */
  private static Format<SequencedSet<String>> listOf(
      String words, String expected, Predicate<String> isLegal) {
    return new Format<>(
        "comma list of " + words,
        text -> {
          SequencedSet<String> names = new LinkedHashSet<>();
          if (!text.isEmpty()) {
            Arrays.stream(text.split(",", -1)).map(String::strip).forEach(names::add);
          }
          String wrong =
              names.stream()
                  .filter(isLegal.negate())
                  .map(name -> '"' + name + '"')
                  .collect(Collectors.joining(", "));
          return wrong.isEmpty()
              ? new Reading.Value<>(names)
              : new Reading.Expected<>(
                  "between the commas " + expected + ", which is not what " + wrong + " is");
        },
        names -> String.join(",", names));
  }

  private static <E extends Enum<E>> String lower(E choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
