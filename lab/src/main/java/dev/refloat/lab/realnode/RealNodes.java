package dev.refloat.lab.realnode;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.binaries.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The real nodes of one control plane. Safe for use by several threads. */
public final class RealNodes implements AutoCloseable {

  /** Where the disk that holds the pods' data is mounted, on the node. */
  public static final String DISKS = "/mnt/disks";

  /** The image that holds a pod's namespaces. */
  static final String PAUSE = "lab.invalid/pause:1";

  /** The names under which pods find the lab's own image, which is busybox. */
  private static final List<String> IMAGES =
      List.of(PAUSE, "lab.invalid/app:latest", "busybox:1.36");

  private static final Path BASH = Path.of("/bin/bash");

  private final Site site;
  private final Network network;
  private final Requirements.Found found;
  private final Path images;
  private final Map<Integer, RealNode> nodes = new TreeMap<>();
  private boolean closed;

  /**
   * Gets ready for nodes on {@code network}.
   *
   * @param programs that pods find as {@link #image}s
   * @throws RealNodeFailed if there can be none on this machine; the message says why
   */
  public RealNodes(Site site, Network network, LabSettings settings, Set<Program> programs) {
    this.site = site;
    this.network = network;
    this.found = Requirements.found(settings);
    this.images = PrivateFiles.folder(site.folder().resolve("images"));
    PrivateFiles.folder(site.folder().resolve("nodes"));
    List<String> applets = applets();
    new LocalImage(IMAGES, Map.of()).write(found.busybox(), applets, images.resolve("busybox.tar"));
    for (Program program : programs) {
      new LocalImage(
              List.of(image(program)), Map.of(program.fileName(), site.binaries().of(program)))
          .write(found.busybox(), applets, images.resolve(program.fileName() + ".tar"));
    }
    for (String script : List.of("machine.sh", "node.sh")) {
      PrivateFiles.write(site.folder().resolve(script), Shell.script(script));
    }
  }

  /** Returns the name of the image with a program, and with busybox around it. */
  public static String image(Program program) {
    return "lab.invalid/%s:latest".formatted(program.fileName());
  }

  /**
   * Brings an image to all nodes, those included that are added or switched on later.
   *
   * @param archive a file as {@code docker save} writes it
   * @throws IllegalArgumentException if there is a file of that name already: nodes would not look
   *     at another one
   * @throws RealNodeFailed if a node cannot import it
   */
  public void addImage(Path archive) {
    Path target = images.resolve(archive.getFileName());
    if (Files.exists(target)) {
      throw new IllegalArgumentException("there is an image %s already".formatted(target));
    }
    copy(archive, target);
    List<RealNode> all;
    synchronized (this) {
      all = List.copyOf(nodes.values());
    }
    all.parallelStream().forEach(RealNode::importImages);
  }

  private List<String> applets() {
    Shell.Outcome list = Shell.run(List.of(found.busybox().toString(), "--list"));
    if (!list.good()) {
      throw new RealNodeFailed("%s --list: %s".formatted(found.busybox(), list.said()));
    }
    return list.said().lines().toList();
  }

  /**
   * Adds a node and switches it on; its kubelet registers it in a moment.
   *
   * @param name its name in the cluster, which no other node has
   * @throws RealNodeFailed if it does not start
   */
  public RealNode add(String name, NodeShape shape) {
    RealNode node = assemble(name, shape);
    try {
      node.awaitAssembled();
      node.powerOn();
      return node;
    } catch (RuntimeException e) {
      try {
        remove(node);
      } catch (RuntimeException after) {
        e.addSuppressed(after);
      }
      throw e;
    }
  }

  private synchronized RealNode assemble(String name, NodeShape shape) {
    if (closed) {
      throw new IllegalStateException("there is no room for %s: all is closed".formatted(name));
    }
    int number =
        IntStream.rangeClosed(1, Network.MOST_NODES)
            .filter(one -> !nodes.containsKey(one))
            .findFirst()
            .orElseThrow(
                () ->
                    new RealNodeFailed(
                        "there are %d real nodes, and no room for %s"
                            .formatted(Network.MOST_NODES, name)));
    Network.Place place = network.place(number);
    Path folder = write(name, place, shape);
    Process machine =
        site.launcher()
            .launch(
                name + ".machine",
                BASH,
                List.of(
                    "unshare",
                    "--mount",
                    BASH.toString(),
                    site.folder().resolve("machine.sh").toString(),
                    folder.toString()));
    RealNode node = new RealNode(name, place, site.logs(), machine, site.launcher());
    nodes.put(number, node);
    return node;
  }

  private Path write(String name, Network.Place place, NodeShape shape) {
    Path folder = PrivateFiles.folder(site.folder().resolve("nodes").resolve(name));
    NodeFiles files =
        new NodeFiles(
            name, place, shape, network.gateway(), found.cniPlugins(), overlayIsPossible());
    PrivateFiles.write(folder.resolve("settings.sh"), settings(name, place, shape, files));
    PrivateFiles.write(folder.resolve("kubelet.yaml"), files.kubelet(site.run().controlGroup()));
    PrivateFiles.write(folder.resolve("containerd.toml"), files.containerd());
    PrivateFiles.write(folder.resolve("kube-proxy.yaml"), files.kubeProxy());
    PrivateFiles.write(folder.resolve("resolv.conf"), files.resolvConf());
    PrivateFiles.write(
        PrivateFiles.folder(folder.resolve("cni")).resolve("lab.conflist"), files.cni());
    PrivateFiles.write(
        folder.resolve("kubelet.kubeconfig"),
        site.kubeconfigs().of("system:node:" + name, Optional.of("system:nodes")));
    PrivateFiles.write(
        folder.resolve("kube-proxy.kubeconfig"),
        site.kubeconfigs().of("system:kube-proxy", Optional.empty()));
    copy(site.ca(), folder.resolve("ca.crt"));
    copy(site.folder().resolve("node.sh"), folder.resolve("node.sh"));
    return folder;
  }

  private String settings(String name, Network.Place place, NodeShape shape, NodeFiles files) {
    Map<String, String> words = new TreeMap<>();
    words.put("NAME", name);
    words.put("ADDRESS", place.address());
    words.put("HARDWARE_ADDRESS", place.hardwareAddress());
    words.put("LINK", place.link());
    words.put("PODS", place.pods());
    words.put("BRIDGE", network.bridge());
    words.put("GATEWAY", network.gateway());
    words.put("GROUP", site.run().controlGroup());
    words.put("DISK", Long.toString(shape.disk()));
    words.put("LOGS", site.logs().toString());
    words.put("IMAGES", images.toString());
    words.put("KUBELET", site.binaries().of(Program.KUBELET).toString());
    words.put("KUBE_PROXY", site.binaries().of(Program.KUBE_PROXY).toString());
    List<String> lines = new ArrayList<>();
    words.forEach((key, value) -> lines.add(key + "=" + Shell.quoted(value)));
    lines.add(array("KUBELET_ARGUMENTS", files.kubeletArguments()));
    lines.add(
        array(
            "OTHERS_PODS",
            place.others().stream().map(other -> other.pods() + "@" + other.address()).toList()));
    lines.add("PATH=$PATH:/usr/sbin:/sbin");
    return String.join("\n", lines) + "\n";
  }

  private static String array(String name, List<String> values) {
    return values.stream().map(Shell::quoted).collect(Collectors.joining(" ", name + "=(", ")"));
  }

  /** An overlay cannot lie on another one, which is what a container's own files are. */
  private boolean overlayIsPossible() {
    try {
      return !Files.getFileStore(site.folder()).type().equals("overlay");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + site.folder(), e);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + from, e);
    }
  }

  /** Switches a node off, and takes it away with its disks; its Node object is left to others. */
  public void remove(RealNode node) {
    node.close();
    synchronized (this) {
      nodes.remove(node.place().node(), node);
    }
    PrivateFiles.remove(site.folder().resolve("nodes").resolve(node.name()));
  }

  /** Takes all nodes away; see {@link Remnants} for what was made for them together. */
  @Override
  public void close() {
    List<RealNode> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(nodes.values());
    }
    all.parallelStream().forEach(this::remove);
  }
}
