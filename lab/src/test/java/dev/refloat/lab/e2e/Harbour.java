package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A scene with one controller that the cases of a class share, each with a {@link Berth} of its
 * own. What a case says is left alone must still be so when the last case is over.
 */
final class Harbour implements AutoCloseable {

  private final Scene scene;
  private final RefloatProcess controller;

  /** Claims that must not be touched, with their UIDs. */
  private final Map<String, String> leftAlone = new ConcurrentHashMap<>();

  private Harbour(Scene scene, RefloatProcess controller) {
    this.scene = scene;
    this.controller = controller;
  }

  /** Opens a scene with a controller of these further settings. */
  static Harbour open(Lab lab, String name, String... settings) {
    Scene scene = Scene.in(lab, name);
    return new Harbour(scene, scene.controller(settings));
  }

  Berth berth(String name) {
    return new Berth(this, name);
  }

  Scene scene() {
    return scene;
  }

  RefloatProcess controller() {
    return controller;
  }

  /** The claim is the one that it was from the beginning, and stays it until the end. */
  void leavesAlone(String claim) {
    assertUntouched(claim, leftAlone.computeIfAbsent(claim, scene::claimUid));
    assertThat(scene.recorder().claims().uids(claim)).hasSize(1);
  }

  private void assertUntouched(String claim, String uid) {
    PersistentVolumeClaim now = scene.world().claim(claim).orElseThrow();
    assertThat(now.getMetadata().getUid()).as("UID of %s", claim).isEqualTo(uid);
    assertThat(now.getMetadata().getDeletionTimestamp()).as("%s is deleted at", claim).isNull();
  }

  @Override
  public void close() {
    try (scene) {
      leftAlone.forEach(this::assertUntouched);
    }
  }
}
