package dev.refloat.lab.standing;

import dev.refloat.lab.realnode.RealNode;
import dev.refloat.lab.world.World;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a person can do to a real node of a standing lab. */
public enum NodeOrder {
  POWER_OFF("power-off", "the power fails; the disk keeps what it has"),
  POWER_ON("power-on", "switched on, with the disk that it had"),
  REPLACE("replace", "a new machine of the same name with an empty disk"),
  CUT_OFF("cut-off", "nothing reaches it, all goes on there"),
  RECONNECT("reconnect", "it is reached again"),
  STOP_KUBELET("stop-kubelet", "the kubelet crashes, containers go on"),
  START_KUBELET("start-kubelet", "the kubelet is started"),
  FILL_DISK("fill-disk", "something fills the disk of the volumes"),
  MAKE_ROOM("make-room", "what filled the disk is removed");

  private final String word;
  private final String meaning;

  NodeOrder(String word, String meaning) {
    this.word = word;
    this.meaning = meaning;
  }

  public static Optional<NodeOrder> of(String word) {
    return Arrays.stream(values()).filter(order -> order.word.equals(word)).findFirst();
  }

  /** Returns all words with what they mean, one a line. */
  public static String table() {
    return Arrays.stream(values())
        .map(order -> "  %-14s %s".formatted(order.word, order.meaning))
        .collect(Collectors.joining("\n"));
  }

  void carryOut(World world, String node) {
    switch (this) {
      case POWER_OFF -> world.powerFails(node);
      case POWER_ON -> world.nodeReturns(node);
      case REPLACE -> world.nodeReplaced(node);
      case CUT_OFF -> world.cutOff(node);
      case RECONNECT -> world.nodeReconnected(node);
      case STOP_KUBELET -> world.machine(node).crash(RealNode.Part.KUBELET);
      case START_KUBELET -> world.nodeReadyAgain(node);
      case FILL_DISK -> world.machine(node).fillDisk();
      case MAKE_ROOM -> world.machine(node).makeRoom();
    }
  }
}
