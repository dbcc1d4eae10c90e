package dev.refloat.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.xml.sax.SAXException;

/** The folder that all of Refloat is in. */
public record Checkout(Path folder) {

  /**
   * Returns the nearest folder above {@code here} that looks like it, or {@code here} itself.
   *
   * @throws ReleaseFailed if none does
   */
  public static Checkout around(Path here) {
    Path from = here.toAbsolutePath().normalize();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("manifests/base"))
          && Files.isDirectory(folder.resolve("release/src"))) {
        return new Checkout(folder);
      }
    }
    throw new ReleaseFailed(
        "%s is in no checkout of Refloat; call this in one, or name it: --checkout"
            .formatted(from));
  }

  /** Returns the version that the build is of. */
  public String version() {
    Path pom = folder.resolve("pom.xml");
    try {
      return XPathFactory.newInstance()
          .newXPath()
          .evaluate(
              "/project/version",
              DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()));
    } catch (IOException
        | ParserConfigurationException
        | SAXException
        | XPathExpressionException e) {
      throw new ReleaseFailed("cannot read the version of " + pom, e);
    }
  }
}
