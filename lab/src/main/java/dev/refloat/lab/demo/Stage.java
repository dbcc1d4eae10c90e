package dev.refloat.lab.demo;

import dev.refloat.lab.install.Installation;
import dev.refloat.lab.recorder.Recorder;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;

/** What a play is performed on, and who tells it. */
record Stage(
    KubernetesClient client,
    Installation installation,
    World world,
    Recorder recorder,
    Teller teller) {}
