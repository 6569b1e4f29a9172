package dev.lantern.core.logs;

import dev.lantern.logs.CleanText;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A line as it stands in a file: {@code <number> <time> <epoch> <stream> <text>}.
 *
 * <p>The text is clean before it gets here, so that a newline always ends a line and never begins a forged one.
 */
record StoredLine(long number, Instant time, int epoch, String stream, String text) {

    static StoredLine of(long number, LogEntry entry) {
        String stream = entry.stream().replaceAll("[^A-Za-z0-9_-]", "_");
        return new StoredLine(number, entry.time(), entry.instance().epoch(), stream, CleanText.of(entry.text()));
    }

    /** The line's bytes with its newline. */
    byte[] bytes() {
        String line = number + " " + time + " " + epoch + " " + stream + " " + text + "\n";
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a line without its newline; empty if it is none of ours. */
    static Optional<StoredLine> parse(String line) {
        String[] parts = line.split(" ", 5);
        if (parts.length < 5) {
            return Optional.empty();
        }
        try {
            return Optional.of(new StoredLine(
                    Long.parseLong(parts[0]), Instant.parse(parts[1]), Integer.parseInt(parts[2]), parts[3], parts[4]));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    LogLine shown() {
        return new LogLine(Long.toString(number), time, epoch, stream, text);
    }
}
