package dev.lantern.core.spec;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that the tests run in. */
final class Repository {
    private Repository() {}

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("lantern-api"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
