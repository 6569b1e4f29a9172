package dev.lantern.core.format;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds {@code formats/} from wherever the tests run. */
final class Formats {
    private Formats() {}

    static Path directory() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("formats/verify.py"))) {
                return at.resolve("formats");
            }
        }
        throw new AssertionError("no formats/verify.py above " + start);
    }
}
