package dev.refloat.lab.world;

import io.fabric8.kubernetes.api.model.Node;

/**
 * What the nodes of a world are made of, and what can happen to one, beside what happens to its
 * Node object.
 */
interface Hardware {

  /** The node is there, for the first time or again: returns its Node object. */
  Node appear(LabNode node);

  /** The node is gone: whatever ran there has ended. Its Node object stays. */
  void vanish(LabNode node);

  /** Its kubelet stops; what runs there goes on. */
  void stopKubelet(LabNode node);

  /** A stopped kubelet is back: returns the Node object. */
  Node startKubelet(LabNode node);

  /** The network of the node is cut. */
  void cutOff(LabNode node);

  /** Returns the folders that local volumes of the node are. */
  VolumeFolders disk(LabNode node);
}
