package dev.refloat.lab.bench;

import dev.refloat.lab.process.ProcessUse;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * One webhook is asked about a pod, as fast as it answers, by clients on the same machine. The
 * floor is an {@link Echo} of the same bytes.
 */
final class Admission {

  /** Whose code runs for the first time is not measured. */
  private static final int WARM_UP_CONNECTIONS = 16;

  private static final double MILLISECONDS_PER_SECOND = 1e3;

  private final Ground ground;
  private final Sizes.OfAdmission sizes;
  private final Map<Question, List<Measured>> measured = new EnumMap<>(Question.class);

  Admission(Ground ground, Sizes.OfAdmission sizes) {
    this.ground = ground;
    this.sizes = sizes;
  }

  /** Who is asked what. */
  private enum Question {
    LOOKED_UP("labelled after a look at its claim"),
    SETTLED("left, without a look at its claim"),
    ECHO("echo");

    private final String words;

    Question(String words) {
      this.words = words;
    }
  }

  private record Measured(int connections, Senders.Turn turn, double cpuSeconds) {}

  Findings run() throws InterruptedException {
    List<String> said;
    double memory;
    try (World world = World.create(ground.controlPlane(), "admission");
        RefloatProcess webhook = ground.webhook("admission")) {
      SamplePod.addClaim(world);
      Pod pod = SamplePod.in(world.namespace());
      byte[] review = SamplePod.review(pod);
      pod.getMetadata().getAnnotations().remove("refloat.dev/recover");
      byte[] withoutOptIn = SamplePod.review(pod);
      ground.say(
          "admission: a review has %,d bytes, about %d s"
              .formatted(
                  review.length,
                  sizes.turn().toSeconds()
                      * Question.values().length
                      * (sizes.turns() * sizes.connections().size() + 1)));
      URI address = address(webhook.admissionPort().orElseThrow());
      SSLContext trust = ground.trust();
      try (EchoProcess floor =
              EchoProcess.start(
                  webhook.handle(), ground.serving(), ground.logs().resolve("echo.log"));
          Senders lookedUp = new Senders(trust, address, review);
          Senders settled = new Senders(trust, address, withoutOptIn);
          Senders echo = new Senders(trust, address(floor.port()), review);
          MemoryWatch watch = MemoryWatch.of(webhook.handle())) {
        check(lookedUp, settled);
        Map<Question, Asked> asked = new EnumMap<>(Question.class);
        asked.put(Question.LOOKED_UP, new Asked(lookedUp, webhook.handle().pid()));
        asked.put(Question.SETTLED, new Asked(settled, webhook.handle().pid()));
        asked.put(Question.ECHO, new Asked(echo, floor.pid()));
        turns(asked);
        said = outcomes(webhook);
        memory = watch.largest();
      }
      webhook.terminate();
    } catch (GeneralSecurityException e) {
      throw new BenchFailed("the webhook's certificate cannot be trusted", e);
    } finally {
      ground.withoutWebhook();
    }
    return findings(memory, said);
  }

  private record Asked(Senders senders, long pid) {}

  private static URI address(int port) {
    return URI.create("https://127.0.0.1:" + port + "/mutate");
  }

  private static void check(Senders lookedUp, Senders settled) throws InterruptedException {
    String labelled = lookedUp.ask();
    String left = settled.ask();
    if (!labelled.contains("JSONPatch") || left.contains("JSONPatch")) {
      throw new BenchFailed("the webhook answers otherwise: %s and %s".formatted(labelled, left));
    }
  }

  private void turns(Map<Question, Asked> asked) throws InterruptedException {
    List<Question> order = new ArrayList<>(List.of(Question.values()));
    for (Question question : order) {
      measured.put(question, new ArrayList<>());
      var _ = asked(asked, question).senders().turn(WARM_UP_CONNECTIONS, sizes.turn());
    }
    for (int turn = 0; turn < sizes.turns(); turn++) {
      for (int connections : sizes.connections()) {
        for (Question question : order) {
          Asked of = asked(asked, question);
          double before = ProcessUse.of(of.pid()).cpuSeconds();
          Senders.Turn came = of.senders().turn(connections, sizes.turn());
          double cpu = ProcessUse.of(of.pid()).cpuSeconds() - before;
          measured(question).add(new Measured(connections, came, cpu));
          ground.say(
              String.format(
                  Locale.ROOT,
                  "admission: turn %d of %d, %s, %s: %,.0f a second",
                  turn + 1,
                  sizes.turns(),
                  words(connections),
                  question.words,
                  came.perSecond()));
        }
      }
      Collections.rotate(order, 1);
    }
  }

  private static Asked asked(Map<Question, Asked> asked, Question question) {
    Asked of = asked.get(question);
    if (of == null) {
      throw new IllegalStateException("nobody is asked for " + question);
    }
    return of;
  }

  private List<Measured> measured(Question question) {
    return measured.getOrDefault(question, List.of());
  }

  /** What the webhook has counted, whatever it was. */
  private static List<String> outcomes(RefloatProcess webhook) {
    return webhook
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("refloat_admission_requests_total{"))
        .map(line -> line.replace("refloat_admission_requests_total", ""))
        .toList();
  }

  private Findings findings(double memory, List<String> said) {
    List<Figure> figures = new ArrayList<>();
    for (int connections : sizes.connections()) {
      for (Question question : List.of(Question.LOOKED_UP, Question.SETTLED)) {
        String what = "%s, %s: ".formatted(words(connections), question.words);
        figures.add(
            Figure.of(
                what + "until it is answered",
                Unit.MILLISECONDS,
                milliseconds(question, connections),
                milliseconds(Question.ECHO, connections),
                new Target.None()));
        figures.add(
            Figure.of(
                what + "answers",
                Unit.PER_SECOND,
                perSecond(question, connections),
                perSecond(Question.ECHO, connections),
                new Target.None()));
      }
    }
    for (Question question : List.of(Question.LOOKED_UP, Question.SETTLED)) {
      figures.add(
          Figure.of(
              question.words + ": CPU of the process for one",
              Unit.MILLISECONDS,
              cpu(question),
              cpu(Question.ECHO),
              new Target.None()));
    }
    figures.add(
        Figure.alone(
            "RssAnon of the webhook, largest", Unit.MEGABYTES, List.of(memory), new Target.None()));
    int refused =
        measured.values().stream()
            .flatMap(List::stream)
            .mapToInt(each -> each.turn().refused())
            .sum();
    return new Findings(
        figures,
        List.of(),
        List.of(
            "Answers that were not 200: %d. The webhook has counted %s"
                .formatted(refused, said.stream().collect(Collectors.joining(", ")))));
  }

  private static String words(int connections) {
    return connections == 1 ? "one connection" : connections + " connections";
  }

  private List<Double> milliseconds(Question question, int connections) {
    return measured(question).stream()
        .filter(each -> each.connections() == connections)
        .flatMap(each -> each.turn().milliseconds().stream())
        .toList();
  }

  private List<Double> perSecond(Question question, int connections) {
    return measured(question).stream()
        .filter(each -> each.connections() == connections)
        .map(each -> each.turn().perSecond())
        .toList();
  }

  private List<Double> cpu(Question question) {
    return measured(question).stream()
        .map(
            each -> each.cpuSeconds() * MILLISECONDS_PER_SECOND / each.turn().milliseconds().size())
        .toList();
  }
}
