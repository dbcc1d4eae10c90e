package dev.refloat.lab.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.module.ModuleFinder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Which modules of this Java the classes of jars ask for. */
final class ModulesOfJava {

  private static final Map<String, String> BY_PACKAGE =
      ModuleFinder.ofSystem().findAll().stream()
          .map(module -> module.descriptor())
          .flatMap(module -> module.packages().stream().map(name -> Map.entry(name, module.name())))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private ModulesOfJava() {}

  /** Returns the modules that the classes of a jar name, each with one of these classes. */
  static Map<String, String> askedForBy(byte[] jar) throws IOException {
    Map<String, String> asked = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().endsWith(".class") && !entry.getName().endsWith("-info.class")) {
          String name = entry.getName();
          StreamSupport.stream(
                  ClassFile.of().parse(zip.readAllBytes()).constantPool().spliterator(), false)
              .filter(ClassEntry.class::isInstance)
              .map(each -> module(((ClassEntry) each).asInternalName()))
              .flatMap(Optional::stream)
              .forEach(module -> asked.putIfAbsent(module, name));
        }
      }
    }
    return asked;
  }

  /** Of a class as class files name it, which may be an array. */
  private static Optional<String> module(String internalName) {
    String name = internalName.replaceFirst("^\\[*L?", "");
    int end = name.lastIndexOf('/');
    return end < 0
        ? Optional.empty()
        : Optional.ofNullable(BY_PACKAGE.get(name.substring(0, end).replace('/', '.')));
  }
}
