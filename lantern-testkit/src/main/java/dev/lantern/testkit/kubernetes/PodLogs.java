package dev.lantern.testkit.kubernetes;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What containers have written, by the UID of their pod. The oldest lines of a container that writes much are lost. */
final class PodLogs {
    private static final int MAX_LINES = 100_000;

    /** RFC 3339 with nine digits: as the kubelet writes it. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 9, 9, true)
            .appendLiteral('Z')
            .toFormatter(java.util.Locale.ROOT)
            .withZone(java.time.ZoneOffset.UTC);

    private final Map<String, Output> outputs = new LinkedHashMap<>();

    /** One line and when it was written. */
    record Line(Instant time, String text) {
        byte[] bytes(boolean timestamps) {
            return ((timestamps ? TIME.format(time) + " " : "") + text + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /** The output of one container, across its restarts. */
    static final class Output {
        private List<Line> lines = new ArrayList<>();
        private int dropped;
        private int rotations;

        /** How many lines there ever were; {@link #line} knows the last of them. */
        int end() {
            return dropped + lines.size();
        }

        int begin() {
            return dropped;
        }

        Line line(int number) {
            return lines.get(number - dropped);
        }

        int rotations() {
            return rotations;
        }

        private void add(Line line) {
            if (lines.size() == MAX_LINES) {
                lines = new ArrayList<>(lines.subList(MAX_LINES / 2, MAX_LINES));
                dropped += MAX_LINES / 2;
            }
            lines.add(line);
        }
    }

    void add(String pod, String container, Instant time, String text) {
        output(pod, container).add(new Line(time, text));
    }

    /** Whoever follows is cut off, as when the kubelet moves a log out of the way. */
    void rotate(String pod, String container) {
        output(pod, container).rotations++;
    }

    Output output(String pod, String container) {
        return outputs.computeIfAbsent(pod + "/" + container, any -> new Output());
    }

    void forget(String pod) {
        outputs.keySet().removeIf(key -> key.startsWith(pod + "/"));
    }

    static @Nullable Instant time(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (java.time.DateTimeException e) {
            throw Statuses.badRequest("sinceTime: Invalid value: \"" + text + "\"");
        }
    }
}
