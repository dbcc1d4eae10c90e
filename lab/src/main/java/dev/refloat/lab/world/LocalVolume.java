package dev.refloat.lab.world;

/**
 * A local volume made by hand.
 *
 * @param name its name within the world
 * @param storageClass the class within the world
 * @param hostname the hostname within the world that it is pinned to
 * @param size as Kubernetes writes quantities: {@code "1Gi"}
 * @param reclaimPolicy what becomes of it when its claim is gone
 */
public record LocalVolume(
    String name, String storageClass, String hostname, String size, ReclaimPolicy reclaimPolicy) {

  /** Returns a volume of 1Gi on {@code hostname} that stays when its claim is gone. */
  public static LocalVolume on(String hostname, String name, String storageClass) {
    return new LocalVolume(name, storageClass, hostname, "1Gi", ReclaimPolicy.RETAIN);
  }
}
