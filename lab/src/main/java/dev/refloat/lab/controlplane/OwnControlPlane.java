package dev.refloat.lab.controlplane;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.Progress;
import dev.refloat.lab.Resources;
import dev.refloat.lab.Signal;
import dev.refloat.lab.binaries.Binaries;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.realnode.Network;
import dev.refloat.lab.realnode.RealNodes;
import dev.refloat.lab.realnode.Remnants;
import dev.refloat.lab.realnode.Requirements;
import dev.refloat.lab.realnode.RunIdentity;
import dev.refloat.lab.realnode.Site;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A control plane of our own processes, on loopback, or, where nodes are to be real ones, on a
 * bridge of this machine.
 */
public final class OwnControlPlane implements ControlPlane {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(5);
  private static final int POLL_MILLIS = 25;

  private final Binaries binaries;
  private final KeepLogs keepLogs;
  private final KeptLogs keptLogs;
  private final RunFolder folder;
  private final Guardian guardian;
  private final Pki pki;
  private final Recipe recipe;
  private final Kubeconfigs kubeconfigs;
  private final Probes probes;

  /** In the order of their start. */
  private final List<RunningComponent> running = new CopyOnWriteArrayList<>();

  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final Thread atExit = new Thread(this::stop, "refloat-lab-stop");
  private final KubernetesClient client;
  private final Optional<RealNodes> realNodes;

  private OwnControlPlane(
      Binaries binaries,
      KeepLogs keepLogs,
      LabSettings settings,
      RunFolder folder,
      Guardian guardian,
      Tuning tuning) {
    this.binaries = binaries;
    this.keepLogs = keepLogs;
    this.keptLogs = new KeptLogs(settings.keptLogs());
    this.folder = folder;
    PrivateFiles.folder(folder.logs());
    this.guardian = guardian;
    Optional<Network> network =
        tuning.realNodes() ? Optional.of(Network.create(identity(folder))) : Optional.empty();
    this.pki = new Pki(folder.path());
    this.recipe =
        new Recipe(
            folder.path(),
            network,
            pki.server(Recipe.apiserverAddress(network)),
            pki.caFile(),
            pki.serviceAccountKeys(),
            Recipe.Ports.free(),
            tuning);
    tuning.auditPolicy().ifPresent(policy -> PrivateFiles.write(recipe.auditPolicy(), policy));
    this.kubeconfigs = Kubeconfigs.trusting(recipe.apiserverUrl(), pki.caPem());
    writeKubeconfig("admin", Optional.of("system:masters"), Pki.Algorithm.RSA);
    writeKubeconfig("kube-controller-manager", Optional.empty(), Pki.Algorithm.ELLIPTIC);
    writeKubeconfig("kube-scheduler", Optional.empty(), Pki.Algorithm.ELLIPTIC);
    writeKubeconfig("kwok", Optional.of("system:masters"), Pki.Algorithm.ELLIPTIC);
    PrivateFiles.write(
        folder.path().resolve("stages.yaml"),
        Resources.beside(OwnControlPlane.class, "stages.yaml"));
    this.probes = new Probes(pki.ca());
    this.client = Clients.repeating(adminKubeconfig());
    this.realNodes = network.map(at -> realNodes(at, settings, tuning.images()));
  }

  private static RunIdentity identity(RunFolder folder) {
    return folder.identity().orElseThrow();
  }

  private RealNodes realNodes(Network network, LabSettings settings, Set<Program> images) {
    Pki.Pair client =
        pki.client(
            "refloat-lab:kube-apiserver", Optional.of("system:masters"), Pki.Algorithm.ELLIPTIC);
    PrivateFiles.write(recipe.kubeletClient().certificate(), client.certificate());
    PrivateFiles.write(recipe.kubeletClient().key(), client.key());
    writeKubeconfig("coredns", Optional.of("system:masters"), Pki.Algorithm.ELLIPTIC);
    PrivateFiles.write(recipe.corefile(), recipe.nameServer(network));
    return new RealNodes(
        new Site(
            identity(folder),
            folder.path(),
            folder.logs(),
            pki.caFile(),
            (user, group) ->
                kubeconfigs.withCertificate(pki.client(user, group, Pki.Algorithm.ELLIPTIC)),
            binaries,
            new Machines()),
        network,
        settings,
        images);
  }

  /** Machines end with this process, as the components do. */
  private final class Machines implements Site.Launcher {

    @Override
    public Process launch(String name, Path executable, List<String> command) {
      if (closed.get()) {
        throw new ControlPlaneFailed("stopped before " + name + " was started");
      }
      return launched(RunningComponent.startToTalk(name, executable, command, folder)).process();
    }

    @Override
    public void released(Process process) {
      running.removeIf(component -> component.process().equals(process));
    }

    @Override
    public void failed() {
      failed.set(true);
    }
  }

  /**
   * Builds what is missing, starts a control plane, and returns it when it is ready.
   *
   * @throws ControlPlaneFailed if it is to have real nodes and they cannot run here, too; see
   *     {@link Requirements#obstacle}
   */
  public static OwnControlPlane start(LabSettings settings, Progress progress, Tuning tuning) {
    return start(
        prepare(settings, progress, tuning), settings, KeepLogs.IF_IT_FAILED, progress, tuning);
  }

  /** Nothing runs yet but the guardian; if it does not get so far, nothing is left. */
  private static OwnControlPlane create(
      Binaries binaries, LabSettings settings, KeepLogs keepLogs, Tuning tuning) {
    RunFolder folder = RunFolder.create(settings.runs());
    String mark = folder.path().toString();
    Guardian guardian =
        tuning.realNodes() ? Guardian.withRealNodes(mark, identity(folder)) : Guardian.of(mark);
    try {
      return new OwnControlPlane(binaries, keepLogs, settings, folder, guardian, tuning);
    } catch (RuntimeException e) {
      Farewell farewell = new Farewell();
      if (tuning.realNodes()) {
        farewell.then(() -> Remnants.remove(identity(folder)));
      }
      farewell.then(guardian::close).then(folder::remove).endAfter(e);
      throw e;
    }
  }

  /**
   * Builds what such a control plane lacks, and returns its programs.
   *
   * @throws ControlPlaneFailed if it is to have real nodes and they cannot run here
   */
  public static Binaries prepare(LabSettings settings, Progress progress, Tuning tuning) {
    return BinariesBuild.binaries(settings, progress, programs(settings, tuning));
  }

  private static Set<Program> programs(LabSettings settings, Tuning tuning) {
    if (!tuning.realNodes()) {
      return Program.OF_THE_CONTROL_PLANE;
    }
    Requirements.obstacle(settings, tuning.images())
        .ifPresent(
            obstacle -> {
              throw new ControlPlaneFailed(obstacle);
            });
    return Program.union(Program.WITH_REAL_NODES, tuning.images());
  }

  /** Starts a control plane from {@code binaries}, and returns it when it is ready. */
  static OwnControlPlane start(
      Binaries binaries, LabSettings settings, KeepLogs keepLogs, Progress progress) {
    return start(binaries, settings, keepLogs, progress, Tuning.NONE);
  }

  /** Starts a control plane from {@code binaries}, and returns it when it is ready. */
  static OwnControlPlane start(
      Binaries binaries,
      LabSettings settings,
      KeepLogs keepLogs,
      Progress progress,
      Tuning tuning) {
    new Orphans(settings.runs(), progress).end();
    OwnControlPlane controlPlane = create(binaries, settings, keepLogs, tuning);
    Runtime.getRuntime().addShutdownHook(controlPlane.atExit);
    try {
      controlPlane.startComponents();
      return controlPlane;
    } catch (RuntimeException e) {
      controlPlane.failed.set(true);
      controlPlane.close();
      throw e;
    }
  }

  private void startComponents() {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    Recipe.Ports ports = recipe.ports();
    RunningComponent etcd = launch(recipe.etcd());
    awaitReady(etcd, () -> probes.listens(ports.etcd()), deadline);
    RunningComponent apiserver = launch(recipe.apiserver());
    awaitReady(apiserver, () -> probes.answers(recipe.apiserverUrl().resolve("/readyz")), deadline);
    var _ =
        client.resourceList(Resources.beside(OwnControlPlane.class, "kwok-deletes.yaml")).create();
    RunningComponent controllerManager = launch(recipe.controllerManager());
    RunningComponent scheduler = launch(recipe.scheduler());
    RunningComponent kwok = launch(recipe.kwok());
    awaitReady(
        controllerManager,
        () -> probes.answers(https(ports.controllerManager(), "/healthz")),
        deadline);
    awaitReady(scheduler, () -> schedulerIsReady(ports), deadline);
    awaitReady(
        kwok,
        () -> probes.answers(URI.create("http://127.0.0.1:" + ports.kwok() + "/healthz")),
        deadline);
    // Pods are refused until their namespace has its service account, and the first one is that of
    // "default".
    if (recipe.network().isPresent()) {
      RunningComponent coredns = launch(recipe.coredns());
      URI ready = URI.create("http://" + recipe.network().get().gateway() + ":8181/ready");
      awaitReady(coredns, () -> probes.answers(ready), deadline);
    }
    awaitReady(
        controllerManager,
        () -> client.serviceAccounts().inNamespace("default").withName("default").get() != null,
        deadline);
  }

  /**
   * Whether the scheduler is: it has {@code /readyz} since 1.31 (<a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.30.14/cmd/kube-scheduler/app/server.go">newHealthzAndMetricsHandler</a>
   * of 1.30 has {@code /healthz} alone).
   */
  private boolean schedulerIsReady(Recipe.Ports ports) {
    URI readyz = https(ports.scheduler(), "/readyz");
    return probes.answers(readyz)
        || (probes.lacks(readyz) && probes.answers(https(ports.scheduler(), "/healthz")));
  }

  private static URI https(int port, String path) {
    return URI.create("https://127.0.0.1:" + port + path);
  }

  private RunningComponent launch(Component component) {
    if (closed.get()) {
      throw new ControlPlaneFailed("stopped before " + component.name() + " was started");
    }
    RunningComponent started =
        launched(RunningComponent.start(component, binaries.of(component.program()), folder));
    started.go();
    return started;
  }

  private synchronized RunningComponent launched(RunningComponent started) {
    adopt(started.process().toHandle());
    running.add(started);
    new RunState(stopOrder().stream().map(RunningComponent::identity).toList())
        .write(folder.path());
    return started;
  }

  @Override
  public void adopt(ProcessHandle process) {
    guardian.started(process.pid());
    var _ = process.onExit().thenAccept(ended -> guardian.ended(ended.pid()));
  }

  /** Clients first, and the API server before etcd: without etcd it does not answer SIGTERM. */
  private List<RunningComponent> stopOrder() {
    return List.copyOf(running).reversed();
  }

  private void awaitReady(RunningComponent component, BooleanSupplier ready, long deadline) {
    while (true) {
      complainAboutDead();
      if (ready.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new ControlPlaneFailed(
            whole(
                component,
                component.complaint("is not ready after " + READY_WITHIN.toSeconds() + " s")));
      }
      pause();
    }
  }

  private void complainAboutDead() {
    for (RunningComponent component : running) {
      if (!component.process().isAlive()) {
        throw new ControlPlaneFailed(whole(component, component.complaint(component.ended())));
      }
    }
  }

  private String whole(RunningComponent component, String complaint) {
    return "%s%nThe whole log: %s"
        .formatted(
            complaint, keptLogs.folderOf(folder).resolve(component.log().getFileName().toString()));
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneFailed("interrupted while the control plane was starting", e);
    }
  }

  @Override
  public Optional<String> complaint() {
    if (closed.get()) {
      return Optional.empty(); // what ends now is meant to
    }
    return dead()
        .map(
            component -> {
              failed.set(true);
              return whole(component, component.complaint(component.ended()));
            });
  }

  private Optional<RunningComponent> dead() {
    return running.stream().filter(component -> !component.process().isAlive()).findFirst();
  }

  /**
   * Returns what there is to say once a component has ended that should be running; waits for that,
   * forever if need be.
   */
  public String awaitComplaint() throws InterruptedException {
    CompletableFuture<?>[] ends =
        running.stream()
            .map(component -> component.process().onExit())
            .toArray(CompletableFuture<?>[]::new);
    try {
      var _ = CompletableFuture.anyOf(ends).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a process ends without an exception", e);
    }
    return complaint().orElse("the control plane has ended");
  }

  /** Ends the API server at once, as a crash would; everything else goes on without it. */
  public void killApiServer() {
    RunningComponent apiserver = running(Program.APISERVER);
    running.remove(apiserver);
    apiserver.process().destroyForcibly();
    apiserver.process().onExit().join();
  }

  /** Starts the API server again on its port, and returns when it is ready. */
  public void startApiServer() {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    RunningComponent apiserver = launch(recipe.apiserver());
    awaitReady(apiserver, () -> probes.answers(recipe.apiserverUrl().resolve("/readyz")), deadline);
  }

  /** Kubernetes' own controllers do nothing until they are resumed. */
  public void suspendControllerManager() {
    Signal.STOP.to(running(Program.CONTROLLER_MANAGER).process().toHandle());
  }

  /** They go on. */
  public void resumeControllerManager() {
    Signal.CONT.to(running(Program.CONTROLLER_MANAGER).process().toHandle());
  }

  private RunningComponent running(Program program) {
    return running.stream()
        .filter(component -> component.name().equals(program.fileName()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(program.fileName() + " does not run"));
  }

  /** Returns the port that each program listens on, by the program's name. */
  public Map<String, Integer> ports() {
    Recipe.Ports ports = recipe.ports();
    return Map.of(
        Program.ETCD.fileName(), ports.etcd(),
        Program.APISERVER.fileName(), ports.apiserver(),
        Program.CONTROLLER_MANAGER.fileName(), ports.controllerManager(),
        Program.SCHEDULER.fileName(), ports.scheduler(),
        Program.KWOK.fileName(), ports.kwok());
  }

  /** Returns the processes, by the name of their program. */
  public Map<String, ProcessHandle> processes() {
    return running.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                RunningComponent::name, component -> component.process().toHandle()));
  }

  @Override
  public Optional<RealNodes> realNodes() {
    return realNodes;
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public URI url() {
    return recipe.apiserverUrl();
  }

  @Override
  public Path adminKubeconfig() {
    return recipe.kubeconfig("admin");
  }

  @Override
  public Path kubectl() {
    return binaries.of(Program.KUBECTL);
  }

  @Override
  public Path kubeconfigFor(String namespace, String serviceAccount) {
    return PrivateFiles.write(
        recipe.kubeconfig(namespace + "-" + serviceAccount),
        kubeconfigs.withToken(ServiceAccountTokens.request(client, namespace, serviceAccount)));
  }

  /** Returns the API server's audit log; there is one only if the tuning asked for it. */
  public Path auditLog() {
    return recipe.auditLog();
  }

  @Override
  public Path logs() {
    return folder.logs();
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is going down already, and the hook finds nothing left to do.
    }
  }

  private void stop() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    boolean somebodyDied = dead().isPresent();
    new Farewell()
        .then(client::close)
        .then(probes::close)
        .then(() -> realNodes.ifPresent(RealNodes::close))
        .then(this::stopComponents)
        .then(() -> recipe.network().ifPresent(_ -> Remnants.remove(identity(folder))))
        .then(guardian::close)
        .then(
            () -> {
              if (keepLogs == KeepLogs.ALWAYS || failed.get() || somebodyDied) {
                keptLogs.keep(folder);
              }
            })
        .then(folder::remove)
        .end();
  }

  private void stopComponents() {
    List<RunningComponent> clients =
        stopOrder().stream().filter(component -> !isServer(component)).toList();
    clients.forEach(component -> component.process().destroy());
    clients.forEach(component -> component.stop(PATIENCE_AT_STOP));
    stopOrder().stream()
        .filter(OwnControlPlane::isServer)
        .forEach(component -> component.stop(PATIENCE_AT_STOP));
  }

  private static boolean isServer(RunningComponent component) {
    return Stream.of(Program.ETCD, Program.APISERVER)
        .anyMatch(server -> component.name().equals(server.fileName()));
  }

  private void writeKubeconfig(String user, Optional<String> group, Pki.Algorithm algorithm) {
    String name = group.isPresent() ? "refloat-lab:" + user : "system:" + user;
    PrivateFiles.write(
        recipe.kubeconfig(user), kubeconfigs.withCertificate(pki.client(name, group, algorithm)));
  }
}
