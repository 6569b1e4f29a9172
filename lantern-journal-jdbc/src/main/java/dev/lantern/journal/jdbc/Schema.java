package dev.lantern.journal.jdbc;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The scripts that make a dialect's tables, in the order in which they are applied. */
final class Schema {
    /** One step, never changed after a release: its checksum stands in every database that applied it. */
    record Step(int version, String name, String script) {
        /** Over the statements alone, so that a comment may still be corrected. */
        String checksum() {
            return Digest.sha256(String.join(";\n", statements()).getBytes(StandardCharsets.UTF_8))
                    .hex();
        }

        /** A statement ends with a semicolon at the end of a line, unless that is inside a function's {@code $$}. */
        List<String> statements() {
            List<String> statements = new ArrayList<>();
            StringBuilder statement = new StringBuilder();
            boolean quoted = false;
            for (String line : script.lines().toList()) {
                if (line.isBlank() || line.strip().startsWith("--")) {
                    continue;
                }
                quoted ^= line.contains("$$");
                statement.append(line).append('\n');
                if (!quoted && line.endsWith(";")) {
                    statements.add(
                            statement.substring(0, statement.length() - 2).strip());
                    statement.setLength(0);
                }
            }
            return statements;
        }
    }

    private static final List<String> NAMES = List.of("journal", "logs");

    private Schema() {}

    static List<Step> of(Dialect dialect) {
        String folder = dialect.product().toLowerCase(Locale.ROOT);
        return java.util.stream.IntStream.rangeClosed(1, NAMES.size())
                .mapToObj(version -> step(folder, version, NAMES.get(version - 1)))
                .toList();
    }

    private static Step step(String folder, int version, String name) {
        String file = folder + "/" + version + "-" + name + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new LanternException("the journal's schema script " + file + " is missing from its jar");
            }
            return new Step(version, name, new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new LanternException("the journal's schema script " + file + " cannot be read: " + e, e);
        }
    }
}
