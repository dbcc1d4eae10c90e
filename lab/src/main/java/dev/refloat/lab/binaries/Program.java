package dev.refloat.lab.binaries;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The programs that the lab runs. */
public enum Program {
  ETCD("etcd", "server", "go.etcd.io/etcd/server/v3", 25),
  KWOK("kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok", 65),
  APISERVER("kube-apiserver", "kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", 190),
  CONTROLLER_MANAGER(
      "kube-controller-manager",
      "kube-controller-manager",
      "k8s.io/kubernetes/cmd/kube-controller-manager",
      55),
  SCHEDULER("kube-scheduler", "kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler", 15),
  KUBECTL("kubectl", "kubectl", "k8s.io/kubernetes/cmd/kubectl", 40),
  KUBELET("kubelet", "kubelet", "k8s.io/kubernetes/cmd/kubelet", 60),
  KUBE_PROXY("kube-proxy", "kube-proxy", "k8s.io/kubernetes/cmd/kube-proxy", 15),
  COREDNS("coredns", "coredns", "github.com/coredns/coredns", 140),
  NATS_SERVER("nats-server", "nats-server", "github.com/nats-io/nats-server/v2", 30),
  HELM("helm", "helm", "helm.sh/helm/v4/cmd/helm", 110),
  PROMETHEUS("prometheus", "prometheus", "github.com/prometheus/prometheus/cmd/prometheus", 100),
  PROMTOOL("promtool", "promtool", "github.com/prometheus/prometheus/cmd/promtool", 10);

  /** What a control plane with fake nodes consists of. */
  public static final Set<Program> OF_THE_CONTROL_PLANE =
      Set.copyOf(EnumSet.of(ETCD, KWOK, APISERVER, CONTROLLER_MANAGER, SCHEDULER, KUBECTL));

  /** What it needs beyond that for real nodes. */
  public static final Set<Program> OF_REAL_NODES =
      Set.copyOf(EnumSet.of(KUBELET, KUBE_PROXY, COREDNS));

  /** Databases that run on real nodes, for who wants one. */
  public static final Set<Program> DATABASES = Set.of(NATS_SERVER);

  /** What people install and watch with, beside {@code kubectl}. */
  public static final Set<Program> TOOLS = Set.of(HELM, PROMETHEUS, PROMTOOL);

  /** What a control plane with fake and real nodes consists of. */
  public static final Set<Program> WITH_REAL_NODES = union(OF_THE_CONTROL_PLANE, OF_REAL_NODES);

  private final String fileName;
  private final String goToolName;
  private final String goPackage;
  private final int coldSeconds;

  Program(String fileName, String goToolName, String goPackage, int coldSeconds) {
    this.fileName = fileName;
    this.goToolName = goToolName;
    this.goPackage = goPackage;
    this.coldSeconds = coldSeconds;
  }

  /** Returns the programs of both. */
  public static Set<Program> union(Set<Program> some, Set<Program> others) {
    Set<Program> all = EnumSet.copyOf(some);
    all.addAll(others);
    return Set.copyOf(all);
  }

  /** Returns the name by which people know the program. */
  public String fileName() {
    return fileName;
  }

  /**
   * Returns the file names that are accepted in a folder of ready programs: {@code go build tool}
   * calls etcd "server".
   */
  List<String> acceptedNames() {
    return fileName.equals(goToolName) ? List.of(fileName) : List.of(fileName, goToolName);
  }

  /** Returns the Go package that the program is built from. */
  String goPackage() {
    return goPackage;
  }

  /** Returns how long a build took on two cores with empty caches, in seconds. */
  int coldSeconds() {
    return coldSeconds;
  }
}
