/**
 * Looks a few times a minute whether the labels of pods that wait for a node are as they would be
 * if the webhook had been asked about each of them, and puts them right. One process does so at a
 * time.
 *
 * <p>The way through: {@link dev.refloat.webhook.sweep.SweepLoop} begins a pass, {@link
 * dev.refloat.webhook.sweep.Turn} says whose turn it is, {@link
 * dev.refloat.webhook.sweep.LabelSweep} lists, has it decided as at admission, and writes by {@link
 * dev.refloat.webhook.sweep.WaitingPods}, the port to the cluster.
 */
@NullMarked
package dev.refloat.webhook.sweep;

import org.jspecify.annotations.NullMarked;
