package dev.lantern.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that this test runs in: its modules, their sources, their production classes. */
final class Reactor {
    static final String ROOT_PACKAGE = "dev.lantern";

    private Reactor() {}

    /** The folder of the parent pom. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("lantern-api"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "no folder above " + Path.of("").toAbsolutePath() + " holds lantern-api");
            }
        }
        return folder;
    }

    /** Every class of every module that is not a test. */
    static JavaClasses productionClasses() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT_PACKAGE);
    }

    static JavaClasses fixture(String name) {
        return new ClassFileImporter().importPackages(fixtureRoot(name));
    }

    static String fixtureRoot(String name) {
        return ROOT_PACKAGE + ".arch.fixtures." + name;
    }

    /** The source folders of the modules that lantern-it can see; in order of their names. */
    static List<Path> productionSourceFolders() {
        try (Stream<Path> modules = Files.list(root())) {
            return modules.filter(module -> module.getFileName().toString().startsWith("lantern-"))
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> sourcesUnder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
