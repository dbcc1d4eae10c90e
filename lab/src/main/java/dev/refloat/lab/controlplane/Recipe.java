package dev.refloat.lab.controlplane;

import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.realnode.Network;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The arguments that each component is started with.
 *
 * @param folder the folder of the run
 * @param network where real nodes are plugged in; empty = there are none
 * @param server certificate and key of every TLS server
 * @param ca the certificate that everybody trusts
 * @param serviceAccounts the keys that sign and verify service accounts' tokens
 * @param tuning what is different this time
 */
record Recipe(
    Path folder,
    Optional<Network> network,
    Pki.PairFiles server,
    Path ca,
    Pki.KeyFiles serviceAccounts,
    Ports ports,
    Tuning tuning) {

  /** The ports of one control plane. */
  record Ports(
      int etcd, int etcdPeers, int apiserver, int controllerManager, int scheduler, int kwok) {

    static Ports free() {
      List<Integer> ports = LoopbackPorts.free(6);
      return new Ports(
          ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), ports.get(5));
    }
  }

  /** Returns the address of this machine that the API server listens on. */
  static String apiserverAddress(Optional<Network> network) {
    return network.map(Network::gateway).orElse("127.0.0.1");
  }

  URI apiserverUrl() {
    return URI.create("https://" + apiserverAddress(network) + ":" + ports.apiserver());
  }

  Path kubeconfig(String user) {
    return folder.resolve(user + ".kubeconfig");
  }

  Path auditPolicy() {
    return folder.resolve("audit-policy.yaml");
  }

  Path auditLog() {
    return folder.resolve("audit.log");
  }

  Component etcd() {
    String clients = "http://127.0.0.1:" + ports.etcd();
    String peers = "http://127.0.0.1:" + ports.etcdPeers();
    return new Component(
        Program.ETCD,
        List.of(
            "--name=lab",
            "--data-dir=" + folder.resolve("etcd"),
            "--unsafe-no-fsync", // nothing here is worth surviving a power cut
            "--listen-client-urls=" + clients,
            "--advertise-client-urls=" + clients,
            "--listen-peer-urls=" + peers,
            "--initial-advertise-peer-urls=" + peers,
            "--initial-cluster=lab=" + peers,
            "--log-level=warn"));
  }

  Component apiserver() {
    return component(
        Program.APISERVER,
        List.of(
            "--etcd-servers=http://127.0.0.1:" + ports.etcd(),
            "--bind-address=" + apiserverAddress(network),
            "--advertise-address=" + apiserverAddress(network),
            "--secure-port=" + ports.apiserver(),
            "--tls-cert-file=" + server.certificate(),
            "--tls-private-key-file=" + server.key(),
            "--client-ca-file=" + ca,
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-signing-key-file=" + serviceAccounts.privateKey(),
            "--service-account-key-file=" + serviceAccounts.publicKey()),
        Stream.of(
                network.isPresent() ? forRealNodes() : forFakeNodes(),
                tuning.auditPolicy().isPresent() ? audit() : List.<String>of())
            .flatMap(List::stream)
            .toList());
  }

  private static List<String> forFakeNodes() {
    return List.of(
        "--authorization-mode=RBAC",
        "--endpoint-reconciler-type=none"); // refuses loopback otherwise
  }

  /**
   * As kubeadm has it, and: a Service's webhook is called at its pod, because this machine has no
   * kube-proxy.
   */
  private List<String> forRealNodes() {
    return List.of(
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--kubelet-client-certificate=" + kubeletClient().certificate(),
        "--kubelet-client-key=" + kubeletClient().key(),
        "--kubelet-preferred-address-types=InternalIP",
        "--enable-aggregator-routing=true");
  }

  /** Returns the files of the pair by which the API server is known to kubelets. */
  Pki.PairFiles kubeletClient() {
    return new Pki.PairFiles(
        folder.resolve("kubelet-client.crt"), folder.resolve("kubelet-client.key"));
  }

  Path corefile() {
    return folder.resolve("Corefile");
  }

  /**
   * Returns the configuration of the cluster's name server, which runs in the folder of the run:
   * its files know no way to write a path with blanks.
   *
   * @see <a href="https://coredns.io/plugins/kubernetes/">CoreDNS, kubernetes</a>
   */
  String nameServer(Network at) {
    return """
        .:53 {
            bind %1$s
            errors
            ready %1$s:8181
            kubernetes cluster.local in-addr.arpa {
                kubeconfig %2$s
                pods insecure
                ttl 1
            }
        }
        """
        .formatted(at.gateway(), folder.relativize(kubeconfig("coredns")));
  }

  Component coredns() {
    return new Component(Program.COREDNS, List.of("-conf", corefile().toString()));
  }

  private List<String> audit() {
    return List.of(
        "--audit-policy-file=" + auditPolicy(),
        "--audit-log-path=" + auditLog(),
        "--audit-log-maxsize=4096"); // megabytes: one file, never rotated
  }

  Component controllerManager() {
    return component(
        Program.CONTROLLER_MANAGER,
        List.of(
            "--kubeconfig=" + kubeconfig("kube-controller-manager"),
            "--authentication-kubeconfig=" + kubeconfig("kube-controller-manager"),
            "--authorization-kubeconfig=" + kubeconfig("kube-controller-manager"),
            "--bind-address=127.0.0.1",
            "--secure-port=" + ports.controllerManager(),
            "--tls-cert-file=" + server.certificate(),
            "--tls-private-key-file=" + server.key(),
            "--client-ca-file=" + ca,
            "--leader-elect=false",
            "--use-service-account-credentials=true",
            "--service-account-private-key-file=" + serviceAccounts.privateKey(),
            "--root-ca-file=" + ca,
            // Each controller gets its service account and token through one client: 4 s at the
            // default of 20 a second.
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
            // Static volumes are matched once per period; the default of 15 s is a coffee break in
            // a test.
            "--pvclaimbinder-sync-period=1s"),
        tuning.controllerManager());
  }

  Component scheduler() {
    return component(
        Program.SCHEDULER,
        List.of(
            "--kubeconfig=" + kubeconfig("kube-scheduler"),
            "--authentication-kubeconfig=" + kubeconfig("kube-scheduler"),
            "--authorization-kubeconfig=" + kubeconfig("kube-scheduler"),
            "--bind-address=127.0.0.1",
            "--secure-port=" + ports.scheduler(),
            "--tls-cert-file=" + server.certificate(),
            "--tls-private-key-file=" + server.key(),
            "--client-ca-file=" + ca,
            "--leader-elect=false"),
        tuning.scheduler());
  }

  Component kwok() {
    return new Component(
        Program.KWOK,
        List.of(
            "--kubeconfig=" + kubeconfig("kwok"),
            "--config=" + folder.resolve("stages.yaml"),
            "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
            // Without leases nobody hears the hearts beat: after 50 s every node is not ready for a
            // moment.
            "--node-lease-duration-seconds=40",
            "--server-address=127.0.0.1:" + ports.kwok()));
  }

  /** Later arguments count more than earlier ones. */
  private static Component component(Program program, List<String> usual, List<String> more) {
    return new Component(program, Stream.concat(usual.stream(), more.stream()).toList());
  }
}
