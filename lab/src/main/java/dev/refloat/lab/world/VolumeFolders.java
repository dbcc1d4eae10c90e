package dev.refloat.lab.world;

/** The folders on a node's disk that are its local volumes, by the volume's name in the cluster. */
interface VolumeFolders {

  /** Of a node that has no disk: nobody ever looks into its volumes. */
  VolumeFolders NONE =
      new VolumeFolders() {
        @Override
        public void make(String volume) {}

        @Override
        public void remove(String volume) {}
      };

  /** Makes the folder of that volume; one that is there is fine. */
  void make(String volume);

  /** Removes the folder of that volume with all that is in it. */
  void remove(String volume);
}
