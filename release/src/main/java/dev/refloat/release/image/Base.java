package dev.refloat.release.image;

import dev.refloat.release.Trees;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What both images stand on: the C library, Java, and a user that is not root. No shell, no package
 * manager, and nothing that could be started but Java.
 *
 * @param root the folder that becomes {@code /}
 * @param parts what others have made of it
 */
record Base(Architecture architecture, Path root, List<Part> parts) {

  /** What its packages are of. */
  static final String DISTRIBUTION = "debian";

  static final String RELEASE = "13";

  /** The user of distroless images as well; a pod's security context may name another one. */
  static final String USER = "65532:65532";

  private static final Map<String, String> FILES =
      Map.of(
          "etc/passwd",
          """
          root:x:0:0:root:/:/nonexistent
          refloat:x:65532:65532:refloat:/nonexistent:/nonexistent
          """,
          "etc/group",
          """
          root:x:0:
          refloat:x:65532:
          """,
          "etc/nsswitch.conf",
          """
          hosts: files dns
          """,
          "etc/os-release",
          """
          PRETTY_NAME="Debian GNU/Linux 13 (trixie), of which the C library only"
          NAME="Debian GNU/Linux"
          VERSION_ID="13"
          VERSION="13 (trixie)"
          VERSION_CODENAME=trixie
          ID=debian
          """);

  /** Puts it together in {@code work}. */
  static Base in(Path work, Architecture architecture, DebianPackages packages) {
    Path root = Trees.fresh(work.resolve("base-" + architecture.word()));
    FILES.forEach((name, content) -> Trees.write(root.resolve(name), content));
    List<Part> parts = new JavaRuntime(architecture, packages).install(root);
    packages.forgetUnpacked();
    return new Base(architecture, root, parts);
  }
}
