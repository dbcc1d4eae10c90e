/**
 * Real nodes on this machine, as root: containerd, kubelet and kube-proxy in namespaces of their
 * own. They can be powered off, cut off, and given an empty disk.
 */
@NullMarked
package dev.refloat.lab.realnode;

import org.jspecify.annotations.NullMarked;
