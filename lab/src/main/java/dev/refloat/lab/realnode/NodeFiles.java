package dev.refloat.lab.realnode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The files that one node is configured by. Paths are the node's own, see {@code machine.sh}.
 *
 * @param name of the node
 * @param place where it is plugged in
 * @param shape what the node is like
 * @param nameServer the address of the cluster's name server
 * @param cniPlugins the folder of this machine with the plugins
 * @param overlay whether containers may share the files of their image
 */
record NodeFiles(
    String name,
    Network.Place place,
    NodeShape shape,
    String nameServer,
    Path cniPlugins,
    boolean overlay) {

  /**
   * Returns the kubelet's configuration. Thresholds of eviction are off: all nodes see the disk and
   * the memory of the whole machine.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/">KubeletConfiguration</a>
   */
  String kubelet(String controlGroup) {
    return """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        address: %1$s
        port: 10250
        readOnlyPort: 0
        healthzBindAddress: 127.0.0.1
        healthzPort: 10248
        authentication:
          anonymous: {enabled: false}
          webhook: {enabled: true}
          x509: {clientCAFile: /mnt/node/ca.crt}
        authorization: {mode: Webhook}
        containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
        cgroupDriver: cgroupfs
        cgroupsPerQOS: true
        cgroupRoot: /%2$s/%3$s
        enforceNodeAllocatable: []
        failCgroupV1: false
        failSwapOn: false
        evictionHard:
          memory.available: "0%%"
          nodefs.available: "0%%"
          nodefs.inodesFree: "0%%"
          imagefs.available: "0%%"
          imagefs.inodesFree: "0%%"
        imageGCHighThresholdPercent: 100
        nodeStatusUpdateFrequency: 5s
        nodeLeaseDurationSeconds: 8
        volumePluginDir: /mnt/node/disk/volume-plugins
        makeIPTablesUtilChains: false
        resolvConf: /mnt/node/resolv.conf
        clusterDNS: [%4$s]
        clusterDomain: cluster.local
        shutdownGracePeriod: 0s
        maxPods: 30
        systemReserved: %5$s
        oomScoreAdj: 0
        maxOpenFiles: 20000
        """
        .formatted(
            place.address(), controlGroup, name, nameServer, flow(shape.reservedForOthers()));
  }

  private static String flow(Map<String, String> map) {
    return map.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> "%s: \"%s\"".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Returns the kubelet's arguments. */
  List<String> kubeletArguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--config=/mnt/node/kubelet.yaml",
                "--kubeconfig=/mnt/node/kubelet.kubeconfig",
                "--root-dir=/mnt/node/disk/kubelet",
                "--cert-dir=/mnt/node/disk/pki",
                "--hostname-override=" + name,
                "--node-ip=" + place.address()));
    if (!shape.labels().isEmpty()) {
      arguments.add(
          "--node-labels="
              + shape.labels().entrySet().stream()
                  .map(label -> label.getKey() + "=" + label.getValue())
                  .sorted()
                  .collect(Collectors.joining(",")));
    }
    if (!shape.taints().isEmpty()) {
      arguments.add("--register-with-taints=" + String.join(",", shape.taints()));
    }
    return List.copyOf(arguments);
  }

  /**
   * Returns containerd's configuration, in the version that 1.6 and 1.7 read. A profile of AppArmor
   * would stay in the kernel, and the folder for optional programs on this machine.
   *
   * @see <a
   *     href="https://github.com/containerd/containerd/blob/v1.6.20/docs/cri/config.md">config.md</a>
   */
  String containerd() {
    return """
        version = 2
        root = "/mnt/node/disk/containerd"
        state = "/run/containerd"
        [grpc]
          address = "/run/containerd/containerd.sock"
        [plugins."io.containerd.internal.v1.opt"]
          path = "/run/containerd-opt"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%s"
          enable_selinux = false
          restrict_oom_score_adj = true
          disable_apparmor = true
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%s"
            conf_dir = "/mnt/node/cni"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "%s"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                SystemdCgroup = false
        """
        .formatted(RealNodes.PAUSE, cniPlugins, overlay ? "overlayfs" : "native");
  }

  /**
   * Returns how pods get their addresses.
   *
   * @see <a href="https://www.cni.dev/plugins/current/main/bridge/">CNI's bridge</a>
   */
  String cni() {
    return """
        {
          "cniVersion": "0.4.0",
          "name": "lab",
          "plugins": [{
            "type": "bridge",
            "bridge": "cni0",
            "isGateway": true,
            "ipMasq": false,
            "hairpinMode": true,
            "ipam": {
              "type": "host-local",
              "dataDir": "/run/cni-addresses",
              "ranges": [[{"subnet": "%s"}]],
              "routes": [{"dst": "0.0.0.0/0"}]
            }
          }]
        }
        """
        .formatted(place.pods());
  }

  /**
   * Returns kube-proxy's configuration. It leaves the settings of connection tracking alone, which
   * are the whole machine's.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/">KubeProxyConfiguration</a>
   */
  String kubeProxy() {
    return """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        mode: iptables
        hostnameOverride: %s
        clientConnection: {kubeconfig: /mnt/node/kube-proxy.kubeconfig}
        clusterCIDR: %s
        detectLocalMode: ClusterCIDR
        healthzBindAddress: 127.0.0.1:10256
        metricsBindAddress: 127.0.0.1:10249
        conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
        """
        .formatted(name, place.network().pods());
  }

  /** Returns where the node looks names up. */
  String resolvConf() {
    return "nameserver %s%n".formatted(nameServer);
  }
}
