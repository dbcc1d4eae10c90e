package dev.refloat.lab.e2e;

import dev.refloat.lab.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A Secret as the kubelet mounts it: the files are links through {@code ..data}, which is itself a
 * link to a folder of that moment's files and is swapped as a whole.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/volume/util/atomic_writer.go">the
 *     kubelet's AtomicWriter</a>
 */
final class MountedSecret {

  private static final String DATA = "..data";

  private final Path folder;
  private int writes;

  private MountedSecret(Path folder) {
    this.folder = folder;
  }

  /** Mounts a Secret at {@code folder}. */
  static MountedSecret at(Path folder, Map<String, String> files) {
    MountedSecret mounted = new MountedSecret(folder);
    mounted.change(files);
    return mounted;
  }

  /** The Secret has changed, and the kubelet has seen it. */
  void change(Map<String, String> files) {
    Path data = folder.resolve(DATA);
    Path fresh = folder.resolve("..2026_11_30_%04d".formatted(++writes));
    try {
      Path old = Files.exists(data) ? data.toRealPath() : null;
      Files.createDirectory(fresh);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(fresh.resolve(file.getKey()), file.getValue());
      }
      Files.move(
          Files.createSymbolicLink(folder.resolve("..data_tmp"), fresh.getFileName()),
          data,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      for (String name : files.keySet()) {
        Path visible = folder.resolve(name);
        if (!Files.exists(visible, LinkOption.NOFOLLOW_LINKS)) {
          Files.createSymbolicLink(visible, Path.of(DATA, name));
        }
      }
      if (old != null) {
        PrivateFiles.remove(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder, e);
    }
  }
}
