package dev.refloat.certs;

import dev.refloat.certs.ClusterObjects.Change;
import dev.refloat.certs.ClusterObjects.Configuration;
import dev.refloat.certs.ClusterObjects.Registration;
import dev.refloat.certs.ClusterObjects.Secret;
import dev.refloat.certs.ClusterObjects.Swap;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What two or three processes live through with one cluster, all of it made from a seed.
 *
 * <p>Before each call of a process another one may make a whole pass, a person may overwrite or
 * remove what the processes keep, and the process may be stopped for minutes, crash, or fail to
 * reach the API server. The API server calls by any bundle that was there within {@link #LAG}.
 */
final class History {

  static final Duration LIFE = Duration.ofSeconds(1_000);
  static final Wanted WANTED = Wanted.of(Fixtures.HOSTS, LIFE, Duration.ofSeconds(500));

  /** How far the slowest API server is behind; less than what is waited for. */
  static final Duration LAG = Duration.ofSeconds(30);

  private static final int ROUNDS = 45;
  private static final int LONGEST_ROUND = 30;
  private static final int MOST_PROCESSES = 3;
  private static final int DEEPEST = 1;

  /** One of so many calls is answered only after so many rounds. */
  private static final int STOPS_IN = 100;

  private static final int ROUNDS_STOPPED = 15;

  /** A process that has failed so often in a row is left in peace for a pass. */
  private static final int MOST_FAILURES = 2;

  private final Random random;
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final List<Replica> processes = new ArrayList<>();
  private final Map<Registration, Deque<Bundles>> followed = new EnumMap<>(Registration.class);
  private final Map<List<Object>, Optional<Anchor>> verified = new HashMap<>();
  private final Map<String, Integer> happened = new TreeMap<>();
  private final Deque<String> story = new ArrayDeque<>();

  private Instant now = Fixtures.NOW;
  private boolean faults = true;
  private int depth = 0;
  private boolean someoneIsStopped = false;

  /** The authority was lost, and not everything by it has been replaced yet. */
  private boolean recovering = false;

  History(long seed) {
    random = new Random(seed);
    int count = 2 + random.nextInt(MOST_PROCESSES - 1);
    for (int i = 0; i < count; i++) {
      processes.add(new Replica(i));
    }
    if (random.nextInt(4) > 0) {
      // Soon due.
      Credential old = Fixtures.ISSUER.authority(now.minus(LIFE.dividedBy(2)), LIFE);
      cluster.put(
          Secrets.AUTHORITY,
          Map.of("ca.crt", Pem.write(old.chain()), "ca.key", Pem.write(old.key())));
    }
    for (Registration registration : Registration.values()) {
      if (random.nextInt(4) > 0) {
        apply(registration, "");
      }
    }
  }

  /** What does not hold. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String words) {
      super(words);
    }
  }

  private static final class Crashed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The bundles of a configuration from a moment on; none of ours after somebody wrote them. */
  private record Bundles(Instant since, Optional<List<String>> ours) {}

  /**
   * Lives through it.
   *
   * @return how often what has happened
   */
  Map<String, Integer> live() {
    for (int round = 0; round < ROUNDS; round++) {
      round(1 + random.nextInt(LONGEST_ROUND));
    }
    faults = false;
    settle();
    return happened;
  }

  /** The last things that happened, one to a line. */
  String story() {
    return String.join("\n", story);
  }

  /** Nobody disturbs any more, so everything becomes good, in a quarter of a life. */
  private void settle() {
    Instant end = now.plus(LIFE.dividedBy(3));
    while (!isQuiet()) {
      if (now.isAfter(end)) {
        throw new Broken("there is still a change under way: " + authorities());
      }
      round(LONGEST_ROUND);
    }
  }

  private void round(int seconds) {
    now = now.plusSeconds(seconds);
    check();
    List<Replica> turns = new ArrayList<>(processes);
    Collections.shuffle(turns, random);
    turns.forEach(Replica::pass);
    if (isQuiet()) {
      recovering = false;
    }
  }

  /** One authority, and everybody serves and trusts what it has signed. */
  private boolean isQuiet() {
    if (!(authorities().current() instanceof Stored.Usable<Credential>(Credential authority))
        || !(authorities().next() instanceof Stored.Absent<Credential>)
        || !(authorities().previous() instanceof Stored.Absent<Anchor>)) {
      return false;
    }
    return processes.stream().allMatch(process -> process.serves(authority))
        && cluster.configurations.values().stream()
            .flatMap(present -> present.bundles().stream())
            .allMatch(Pem.write(authority.chain())::equals);
  }

  private Authorities authorities() {
    return cluster.secrets.containsKey(Secrets.AUTHORITY)
        ? cluster.authorities()
        : Authorities.none();
  }

  private Stored<Credential> stored() {
    return cluster.secrets.containsKey(Secrets.SERVING)
        ? Credential.read(cluster.data(Secrets.SERVING), "tls.crt", "tls.key")
        : new Stored.Absent<>();
  }

  // The law

  /** Whatever a process serves is trusted, by each bundle that may still be in force. */
  private void check() {
    for (Map.Entry<Registration, Deque<Bundles>> each : followed.entrySet()) {
      Deque<Bundles> versions = each.getValue();
      while (versions.size() > 1 && isForgotten(versions)) {
        versions.removeFirst();
      }
      for (Bundles version : versions) {
        version
            .ours()
            .ifPresent(bundles -> bundles.forEach(bundle -> check(each.getKey(), bundle)));
      }
    }
  }

  private void check(Registration registration, String bundle) {
    for (Replica process : processes) {
      if (!process.stopped
          && process.served.isPresent()
          && !isTrusted(process.served.get(), bundle)) {
        throw new Broken(
            "%s serves %s at %s, which the %s configuration does not trust by %s"
                .formatted(process, process.served.get(), now, registration, words(bundle)));
      }
    }
  }

  private static Object words(String bundle) {
    return Pem.certificates(bundle)
            instanceof Pem.Read<List<X509Certificate>>(List<X509Certificate> trusted)
        ? trusted.stream().map(Credential::words).toList()
        : "garbage";
  }

  /** Whether the version after the first one is known to every API server. */
  private boolean isForgotten(Deque<Bundles> versions) {
    return versions.stream().skip(1).findFirst().orElseThrow().since().isBefore(now.minus(LAG));
  }

  private boolean isTrusted(Credential leaf, String bundle) {
    Optional<Anchor> signer =
        verified.computeIfAbsent(List.of(leaf, bundle), _ -> signer(leaf, bundle));
    // An authority that ends before anybody could be led over takes its certificates with it.
    return signer
        .filter(anchor -> now.isBefore(leaf.notAfter()) || !now.isBefore(anchor.notAfter()))
        .isPresent();
  }

  private static Optional<Anchor> signer(Credential leaf, String bundle) {
    return Pem.certificates(bundle)
            instanceof Pem.Read<List<X509Certificate>>(List<X509Certificate> trusted)
        ? trusted.stream()
            .map(each -> new Anchor(List.of(each)))
            .filter(anchor -> anchor.hasSigned(leaf))
            .findFirst()
        : Optional.empty();
  }

  /** What was overwritten is nobody's fault, nor is what API servers still had of before. */
  private void overwritten(Registration registration) {
    Deque<Bundles> versions = new ArrayDeque<>();
    versions.add(new Bundles(now, Optional.empty()));
    followed.put(registration, versions);
  }

  private void injected(Registration registration) {
    followed
        .getOrDefault(registration, new ArrayDeque<>())
        .addLast(new Bundles(now, Optional.of(cluster.bundles(registration))));
  }

  // What happens meanwhile

  private void meanwhile(Replica caller) {
    if (!faults || depth > DEEPEST) {
      return;
    }
    if (random.nextInt(STOPS_IN) == 0) {
      stop(caller);
    }
    switch (random.nextInt(40)) {
      case 0, 1, 2 -> another(caller);
      case 3 -> now = now.plusSeconds(1 + random.nextInt(3));
      case 4 -> disturb();
      default -> {
        // Nothing.
      }
    }
  }

  /**
   * The caller is stopped in the middle of its pass, for longer than anything is waited for. It
   * serves nothing meanwhile, and what it serves when it goes on is its own affair until a pass has
   * found what the others serve, since that may be about to end; but what it does may be of no harm
   * to the others.
   */
  private void stop(Replica caller) {
    if (someoneIsStopped) {
      return;
    }
    happen("stopped");
    someoneIsStopped = true;
    caller.stopped = true;
    int before = depth;
    depth = 0;
    for (int round = 0; round < ROUNDS_STOPPED; round++) {
      round(1 + random.nextInt(LONGEST_ROUND));
    }
    depth = before;
    someoneIsStopped = false;
    tell(caller + " goes on");
  }

  private void another(Replica caller) {
    processes.stream()
        .filter(process -> !process.equals(caller) && !process.inPass)
        .findFirst()
        .ifPresent(
            process -> {
              happened.merge("a pass within another", 1, Integer::sum);
              process.pass();
            });
  }

  private void disturb() {
    if (recovering) {
      return;
    }
    Registration registration =
        random.nextBoolean() ? Registration.MUTATING : Registration.VALIDATING;
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> apply(registration, "");
      case 3 -> apply(registration, "garbage");
      case 4 -> apply(registration, Pem.write(Fixtures.authority().chain()));
      case 5 -> remove(registration);
      case 6 -> loseServing(Map.of());
      case 7 -> loseServing(Map.of("tls.crt", "garbage", "tls.key", "garbage"));
      case 8 -> stageGarbage();
      case 9 -> loseAuthority();
      default -> {
        // Nothing.
      }
    }
  }

  private void apply(Registration registration, String bundle) {
    happen("a configuration applied by somebody");
    int entries =
        cluster.configurations.containsKey(registration)
            ? cluster.bundles(registration).size()
            : 1 + random.nextInt(2);
    cluster.register(registration, Collections.nCopies(entries, bundle));
    overwritten(registration);
  }

  private void remove(Registration registration) {
    happen("a configuration removed");
    cluster.configurations.remove(registration);
    followed.remove(registration);
  }

  private void loseServing(Map<String, String> instead) {
    happen("the serving certificate lost");
    if (instead.isEmpty()) {
      cluster.secrets.remove(Secrets.SERVING);
    } else {
      cluster.put(Secrets.SERVING, instead);
    }
  }

  private void stageGarbage() {
    if (cluster.secrets.containsKey(Secrets.AUTHORITY)) {
      happen("a staged authority spoilt");
      Map<String, String> data = new HashMap<>(cluster.data(Secrets.AUTHORITY));
      data.put("next.crt", "garbage");
      cluster.put(Secrets.AUTHORITY, data);
    }
  }

  /**
   * Only while nothing else is wrong: who has just been started could not know of an authority that
   * is in no bundle, nor of a certificate that others serve and that is in no Secret.
   */
  private void loseAuthority() {
    if (!isQuiet() || !(stored() instanceof Stored.Usable<Credential>)) {
      return;
    }
    recovering = true;
    switch (random.nextInt(3)) {
      case 0 -> {
        happen("the authority lost");
        cluster.secrets.remove(Secrets.AUTHORITY);
      }
      case 1 -> {
        happen("the authority's key lost");
        Map<String, String> data = new HashMap<>(cluster.data(Secrets.AUTHORITY));
        data.put("ca.key", Pem.write(Fixtures.authority().key()));
        cluster.put(Secrets.AUTHORITY, data);
      }
      default -> {
        happen("the authority replaced by somebody");
        Credential theirs = Fixtures.ISSUER.authority(now, LIFE);
        cluster.put(
            Secrets.AUTHORITY,
            Map.of("ca.crt", Pem.write(theirs.chain()), "ca.key", Pem.write(theirs.key())));
      }
    }
  }

  private void happen(String what) {
    happened.merge(what, 1, Integer::sum);
    tell(what);
  }

  private void tell(String what) {
    story.addLast(Duration.between(Fixtures.NOW, now).toSeconds() + " s: " + what);
    if (story.size() > 40) {
      story.removeFirst();
    }
  }

  /** One process, from start to start. */
  private final class Replica implements ClusterObjects {

    private final int number;
    private ManagedCertificates certificates;
    private Optional<Credential> served = Optional.empty();
    private boolean inPass = false;
    private boolean stopped = false;
    private int failures = 0;

    Replica(int number) {
      this.number = number;
      this.certificates = start();
    }

    boolean serves(Credential authority) {
      return served.filter(leaf -> leaf.isSignedBy(authority)).isPresent();
    }

    private boolean servesWhatIsThere() {
      return stored() instanceof Stored.Usable<Credential>(Credential leaf)
          && served.filter(leaf::equals).isPresent();
    }

    void pass() {
      if (inPass) {
        return;
      }
      inPass = true;
      depth++;
      try {
        boolean wasStopped = stopped;
        certificates.pass();
        failures = 0;
        if (wasStopped && servesWhatIsThere()) {
          stopped = false;
        }
      } catch (ClusterFailedException e) {
        failures++;
      } catch (Crashed e) {
        happen("a crash");
        served = Optional.empty();
        stopped = false;
        certificates = start();
      } finally {
        depth--;
        inPass = false;
      }
    }

    private ManagedCertificates start() {
      return new ManagedCertificates(
          this, this::serve, new RecordingObserver(), Fixtures.ISSUER, WANTED, () -> now);
    }

    private Serving.Load serve(Credential leaf) {
      if (served.filter(leaf::equals).isPresent()) {
        return new Serving.Load.Unchanged();
      }
      served = Optional.of(leaf);
      tell(this + " serves " + leaf.certificate().getSerialNumber().toString(16));
      check();
      return new Serving.Load.Loaded();
    }

    @Override
    public Secret secret(String name) throws ClusterFailedException {
      before();
      return cluster.secret(name);
    }

    @Override
    public Configuration configuration(Registration registration) throws ClusterFailedException {
      before();
      return cluster.configuration(registration);
    }

    @Override
    public Swap swap(String name, Secret before, boolean tls, Change change)
        throws ClusterFailedException {
      before();
      Swap swap = cluster.swap(name, before, tls, change);
      happen(
          "%s %s %s %s"
              .formatted(
                  swap,
                  name,
                  new TreeSet<>(change.put().keySet()),
                  new TreeSet<>(change.removed())));
      after();
      return swap;
    }

    @Override
    public Swap inject(Registration registration, Configuration.Present before, String bundle)
        throws ClusterFailedException {
      before();
      Swap swap = cluster.inject(registration, before, bundle);
      happen(swap + " injection");
      if (swap == Swap.DONE) {
        injected(registration);
      }
      after();
      return swap;
    }

    private void before() throws ClusterFailedException {
      meanwhile(this);
      check();
      mayCrash();
      if (faults && failures < MOST_FAILURES && random.nextInt(40) == 0) {
        tell(this + " cannot reach it");
        throw new ClusterFailedException("cannot reach it", new IllegalStateException("test"));
      }
    }

    private void after() {
      check();
      mayCrash();
    }

    private void mayCrash() {
      if (faults && random.nextInt(250) == 0) {
        throw new Crashed();
      }
    }

    @Override
    public String toString() {
      return "process " + number;
    }
  }
}
