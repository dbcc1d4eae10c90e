package dev.refloat.controller;

import dev.refloat.controller.act.Aftermath;
import dev.refloat.controller.act.Doorbell;
import dev.refloat.controller.act.Fence;
import dev.refloat.controller.act.Follow;
import dev.refloat.controller.act.Hands;
import dev.refloat.controller.act.KeptVolumes;
import dev.refloat.controller.act.Marks;
import dev.refloat.controller.report.Events;
import dev.refloat.controller.report.FindingReporter;
import dev.refloat.controller.report.Metrics;
import dev.refloat.controller.report.Reporter;
import dev.refloat.controller.survey.Heartbeats;
import dev.refloat.controller.survey.Survey;
import dev.refloat.controller.sweep.Sweep;
import dev.refloat.controller.watch.PinnedNodes;
import dev.refloat.controller.watch.StrandedPods;
import dev.refloat.controller.watch.WatchCounts;
import dev.refloat.optin.LostState;
import dev.refloat.process.ProbeServer;
import dev.refloat.process.Program;
import dev.refloat.process.Readiness;
import dev.refloat.process.StartFailedException;
import dev.refloat.recovery.Policy;
import dev.refloat.settings.ControllerSettings;
import dev.refloat.settings.Graces;
import dev.refloat.settings.SharedSettings;
import dev.refloat.storage.LocalStorage;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controller, put together. Closing it ends everything in the opposite order of its start. */
final class Controller implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Controller.class);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  private Controller() {}

  /**
   * Starts a controller.
   *
   * @param registry of the metrics that are served
   * @param retryAfter told of the client's answers
   * @param instance what this process is called, unlike all others
   * @throws StartFailedException if its port is taken
   */
  static Controller wire(
      ControllerSettings settings,
      KubernetesClient client,
      PrometheusRegistry registry,
      RetryAfter retryAfter,
      InstantSource time,
      String instance,
      Program.Emergency emergency)
      throws StartFailedException {
    SharedSettings shared = settings.shared();
    log.atInfo().addKeyValue("server", client.getMasterUrl()).log("Using the API server");
    Policy policy = policy(settings);
    Queue queue = new Queue(time);
    Memory memory = new Memory();
    Ending ending = new Ending();
    Doorbell doorbell = new Doorbell();
    ending.tell(doorbell::ringAll);
    StrandedPods stranded =
        new StrandedPods(
            client,
            shared.watchedNamespaces(),
            time,
            new PodNews(time, queue, doorbell),
            new WatchCounts(registry));
    PinnedNodes pinnedNodes =
        new PinnedNodes(client, time, name -> memory.nodeChanged(name).forEach(queue::wake));
    Metrics metrics = new Metrics(registry, stranded::count);
    Events events = new Events(client, time, instance, metrics);
    Reporter reporter = new Reporter(events, time, metrics, shared.dryRun());
    Heartbeats heartbeats = new Heartbeats(client, time);
    Survey survey = new Survey(client, time, policy, heartbeats);
    // A dry run writes nothing at all, not even a Lease.
    Optional<LeaseFence> lease =
        settings.leaderElection() && !shared.dryRun()
            ? Optional.of(Leadership.fence(client, shared.podNamespace(), instance, time))
            : Optional.empty();
    Fence fence = lease.<Fence>map(each -> each).orElse(Fence.NONE);
    Sweep sweep =
        new Sweep(
            client,
            time,
            shared.watchedNamespaces(),
            policy.storage(),
            heartbeats,
            shared.dryRun() ? Optional.empty() : Optional.of(new Marks(client, fence)),
            policy.cooldown(),
            new FindingReporter(events, registry, shared.dryRun()));
    Hands hands =
        new Hands(client, time, survey, fence, stranded::waiting, doorbell, ending::hasBegun);
    Follow follow =
        new Follow(
            client, time, survey, hands, reporter, stranded::waiting, doorbell, ending::hasBegun);
    Aftermath aftermath =
        new Aftermath(
            client,
            new KeptVolumes(client),
            fence,
            reporter,
            key -> shared.watchedNamespaces().includes(key.namespace()),
            shared.dryRun());
    AtomicBoolean leads = new AtomicBoolean();
    metrics.gauge(
        "refloat_leader",
        "1 if this process decides, 0 if it waits for the Lease; 1 where nobody is elected.",
        () -> leads.get() ? 1 : 0);
    metrics.gauge(
        "refloat_watch_confirmed_timestamp_seconds",
        "When a list last agreed with the watches of pods, as Unix time; of several the oldest.",
        () -> stranded.confirmedAt().getEpochSecond());
    metrics.moment(
        "refloat_oldest_stranded_pod_created_timestamp_seconds",
        "When the labelled pod without a node that waits longest was created, as Unix time.",
        stranded::oldest);
    Unbound unbound = new Unbound();
    LooseEnds looseEnds = new LooseEnds();
    metrics.gauge(
        "refloat_recovered_but_not_bound",
        "Pods that were given new volumes over two minutes ago and have no node yet.",
        unbound::count);
    metrics.gauge(
        "refloat_claims_doomed",
        "Claims that are being deleted under a running pod now.",
        aftermath::doomed);
    Budget budget =
        new Budget(settings.maxConcurrent(), settings.recoveriesPerMinute(), time.instant());
    QuietLooks quietLooks = new QuietLooks(time, queue);
    Recoveries recoveries =
        new Recoveries(
            time,
            queue,
            quietLooks,
            hands,
            follow,
            aftermath,
            unbound,
            looseEnds,
            reporter,
            budget,
            shared.dryRun());
    Looks looks =
        new Looks(
            time,
            retryAfter,
            queue,
            quietLooks,
            stranded,
            pinnedNodes,
            survey,
            recoveries,
            ending,
            aftermath,
            unbound,
            looseEnds,
            reporter,
            memory,
            budget);
    Loop loop = new Loop(time, queue, looks, recoveries, survey, ending, aftermath, memory, budget);

    Controller controller = new Controller();
    controller.running.push(client);
    try {
      controller.running.push(
          ProbeServer.start(shared.http(), () -> readiness(stranded), registry));
    } catch (StartFailedException e) {
      controller.close();
      throw e;
    }
    controller.running.push(events);
    controller.running.push(pinnedNodes);
    controller.running.push(stranded);
    pinnedNodes.start();
    stranded.start();
    Runnable lead =
        () -> {
          leads.set(true);
          loop.start();
          sweep.start();
        };
    if (lease.isPresent()) {
      Leadership leadership =
          new Leadership(client, shared.podNamespace(), instance, lease.get(), lead, emergency);
      // The loop ends before the Lease is given back.
      controller.running.push(leadership);
      controller.running.push(sweep);
      controller.running.push(loop);
      leadership.start();
    } else {
      controller.running.push(sweep);
      controller.running.push(loop);
      lead.run();
    }
    return controller;
  }

  @Override
  public void close() {
    for (AutoCloseable part : running) {
      try {
        part.close();
      } catch (Exception e) {
        log.atWarn().setCause(e).log("Failed to close a part of the controller");
      }
    }
  }

  private static Readiness readiness(StrandedPods stranded) {
    return Readiness.of(stranded.troubles());
  }

  private static Policy policy(ControllerSettings settings) {
    Graces graces = settings.graces();
    return new Policy(
        Map.of(
            LostState.GONE, graces.nodeGone(),
            LostState.NOT_READY, graces.nodeNotReady(),
            LostState.CORDONED, graces.nodeCordoned(),
            LostState.TAINTED, graces.nodeTainted()),
        settings.cooldown(),
        settings.brake(),
        settings.maxConcurrent(),
        new LocalStorage(settings.localProvisioners(), settings.topologyKeys()));
  }
}
