package dev.refloat.lab.demo;

import dev.refloat.lab.database.Ledger;
import dev.refloat.lab.database.NatsCluster;
import dev.refloat.lab.database.Traffic;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Recorder;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A machine with a third of a real database is lost for good, while a client writes and reads. */
final class DatabaseStory implements Play {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CLASS = "local-storage";
  private static final String VICTIM = "nats-1";
  private static final int NODES = 4;
  private static final int SOME = 300;

  private final KubernetesClient client;
  private final Installation installation;
  private final World world;
  private final Recorder recorder;
  private final Teller teller;

  DatabaseStory(Stage stage) {
    this.client = stage.client();
    this.installation = stage.installation();
    this.world = stage.world().patience(PATIENCE);
    this.recorder = stage.recorder();
    this.teller = stage.teller();
  }

  @Override
  public List<String> toTry() {
    return List.of(
        "k describe pod " + VICTIM,
        "k exec %s -- wget -qO- 'http://127.0.0.1:8222/jsz?streams=true'".formatted(VICTIM),
        "k exec %s -- wget -qO- 'http://127.0.0.1:8222/healthz?details=true'".formatted(VICTIM));
  }

  @Override
  public List<String> perform() throws InterruptedException {
    teller.chapter("The scene");
    RefloatProcess controller = setTheScene();
    NatsCluster database = NatsCluster.in(client, world, CLASS);
    try (Traffic traffic = Traffic.on(database, InstantSource.system(), PATIENCE)) {
      traffic.awaitAllCurrent();
      traffic.awaitLedBy(VICTIM);
      tell("Three NATS servers keep a stream in three replicas, each on its node's own disk.");
      NatsCluster.SERVERS.forEach(
          server -> teller.note("%s: %s".formatted(world.nodeOf(server).orElseThrow(), server)));
      teller.note(VICTIM + " leads: it takes what is written, and the others copy it.");
      tell(
          "A client writes a message, waits until it is acknowledged, and writes the next; another reads all along. So far there are %d."
              .formatted(traffic.awaitMore(SOME)));
      return lose(traffic, controller);
    }
  }

  private RefloatProcess setTheScene() {
    world.add(
        IntStream.rangeClosed(1, NODES)
            .mapToObj(number -> LabNode.named("node-" + number).real())
            .toArray(LabNode[]::new));
    world.add(new LabStorageClass.Dynamic(CLASS, ReclaimPolicy.DELETE));
    installation.webhook("refloat-webhook", Map.of());
    RefloatProcess controller =
        installation.controller(
            "refloat-controller", Map.of("WATCHED_NAMESPACES", world.namespace()));
    tell(
        "%d real nodes, with kubelets, containers and disks. Webhook and controller run."
            .formatted(NODES));
    return controller;
  }

  private List<String> lose(Traffic traffic, RefloatProcess controller)
      throws InterruptedException {
    teller.chapter("A machine is lost for good");
    String lost = world.nodeOf(VICTIM).orElseThrow();
    Instant since = Instant.now();
    world.nodeLost(lost);
    tell("%s is without power, and its Node is deleted. %s was there.".formatted(lost, VICTIM));
    LogLine seen =
        controller.awaitLine("waits for " + lost, DatabaseStory::isGracePeriod, PATIENCE);
    tell("Refloat says: " + seen.get("why").orElse("nothing"));
    Pod back = world.awaitReadyElsewhere(VICTIM, lost);
    tell("%s is Ready on %s, on an empty disk.".formatted(VICTIM, back.getSpec().getNodeName()));
    traffic.awaitAllCurrent();
    tell("It has copied its replica from the others.");
    Instant mended = Instant.now();
    traffic.awaitLedBy(VICTIM);
    tell("It leads the stream again: what is read from here on comes from its new disk.");
    var _ = traffic.awaitMore(SOME);
    Ledger ledger = traffic.settle();
    return claims(traffic, ledger, ledger.longestPause(since, mended));
  }

  private static boolean isGracePeriod(LogLine line) {
    return line.get("pod").filter(VICTIM::equals).isPresent()
        && line.get("reason").filter("GracePeriod"::equals).isPresent();
  }

  private List<String> claims(Traffic traffic, Ledger ledger, Duration pause) {
    teller.chapter("What the database and the API server say now");
    Claims claims = new Claims(teller);
    claims.check(
        "%s answers this, from its new disk".formatted(VICTIM), () -> traffic.isLedBy(VICTIM));
    claims.check(
        "all %d acknowledged messages are there".formatted(ledger.promises().size()),
        ledger.lost()::isEmpty);
    claims.check("none of them is there twice", ledger.repeated()::isEmpty);
    claims.check("the reader was handed each of them", ledger.unread()::isEmpty);
    var _ = recorder.mark();
    NatsCluster.SERVERS.forEach(
        server -> {
          boolean isVictim = server.equals(VICTIM);
          claims.check(
              "claim data-%s %s"
                  .formatted(server, isVictim ? "was made anew, once" : "was not touched"),
              () -> recorder.claims().uids("data-" + server).size() == (isVictim ? 2 : 1));
        });
    teller.note(
        String.format(
            Locale.ROOT,
            "From the loss until it had copied its replica, nothing was acknowledged for %.1f s at the most.",
            pause.toMillis() / 1000.0));
    return claims.broken();
  }

  private void tell(String what) {
    teller.at(Instant.now(), what);
  }
}
