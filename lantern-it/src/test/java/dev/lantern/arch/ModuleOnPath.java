package dev.lantern.arch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One of our modules as the class path has it: a jar, or a folder of classes. */
record ModuleOnPath(ModuleDescriptor descriptor, Path location) {

    /** Our modules, in order of their names. */
    static List<ModuleOnPath> all() {
        List<ModuleOnPath> found = new ArrayList<>();
        try {
            for (URL url : Collections.list(ModuleOnPath.class.getClassLoader().getResources("module-info.class"))) {
                ModuleDescriptor descriptor = read(url);
                if (descriptor.name().startsWith(Reactor.ROOT_PACKAGE)) {
                    found.add(new ModuleOnPath(descriptor, locationOf(url)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparing(ModuleOnPath::name));
        return found;
    }

    static ModuleOnPath named(String name) {
        return all().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no module " + name + " on the class path"));
    }

    String name() {
        return descriptor.name();
    }

    /** {@code lantern-journal-jdbc} for {@code dev.lantern.journal.jdbc}. */
    String artifact() {
        return name().substring("dev.".length()).replace('.', '-');
    }

    /** The packages that anybody may use. */
    SortedSet<String> exportedPackages() {
        SortedSet<String> packages = new TreeSet<>();
        for (ModuleDescriptor.Exports exports : descriptor.exports()) {
            if (!exports.isQualified()) {
                packages.add(exports.source());
            }
        }
        return packages;
    }

    /** The binary names of all classes, sorted; neither module-info nor package-info. */
    List<String> classNames() {
        return withRoot(root -> {
            try (Stream<Path> files = Files.walk(root)) {
                return files.map(file -> root.relativize(file).toString())
                        .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                        .map(file -> file.substring(0, file.length() - ".class".length())
                                .replace('/', '.'))
                        .sorted()
                        .toList();
            }
        });
    }

    /** Service to providers, as the module's descriptor says it. */
    Map<String, List<String>> providedByDescriptor() {
        Map<String, List<String>> provided = new TreeMap<>();
        descriptor.provides().forEach(provides -> provided.put(provides.service(), provides.providers()));
        return provided;
    }

    /** Service to providers, as {@code META-INF/services} says it. */
    Map<String, List<String>> providedByServiceFiles() {
        return withRoot(root -> {
            Map<String, List<String>> provided = new TreeMap<>();
            Path services = root.resolve("META-INF/services");
            if (Files.isDirectory(services)) {
                try (Stream<Path> files = Files.list(services)) {
                    for (Path file : files.toList()) {
                        provided.put(file.getFileName().toString(), providersIn(file));
                    }
                }
            }
            return provided;
        });
    }

    private static List<String> providersIn(Path serviceFile) throws IOException {
        return Files.readAllLines(serviceFile).stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private interface OnRoot<T> {
        T apply(Path root) throws IOException;
    }

    private <T> T withRoot(OnRoot<T> work) {
        try {
            if (Files.isDirectory(location)) {
                return work.apply(location);
            }
            try (FileSystem jar = FileSystems.newFileSystem(location)) {
                return work.apply(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModuleDescriptor read(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return ModuleDescriptor.read(in);
        }
    }

    private static Path locationOf(URL url) throws IOException {
        if (url.openConnection() instanceof JarURLConnection inJar) {
            return Path.of(URI.create(inJar.getJarFileURL().toString()));
        }
        return Objects.requireNonNull(Path.of(URI.create(url.toString())).getParent(), "parent");
    }
}
