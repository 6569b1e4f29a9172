package dev.lantern.identity;

import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something that a stranger was refused at one of this host's doors. Immutable; holds no secret.
 *
 * <p>Texts come from strangers in part. They are one line of printable ASCII and short, so that they can be written to a log
 * as they are: whatever else they held stands as {@code ?}.
 *
 * @param reason what a program counts and alarms on, such as {@code unknown-authority}
 * @param remote where the connection came from, as {@code address:port}
 * @param run which run the stranger claimed to belong to; nothing that it has proven
 * @param epoch the epoch that it claimed
 * @param certificate serial number and subject of the certificate that it showed
 * @param detail for people
 */
public record SecurityEvent(
        Instant time,
        String reason,
        String remote,
        Optional<RunRef> run,
        OptionalInt epoch,
        Optional<String> certificate,
        String detail) {
    private static final int LONGEST = 256;

    public SecurityEvent {
        Objects.requireNonNull(time, "time");
        reason = oneLine(reason);
        remote = oneLine(remote);
        certificate = certificate.map(SecurityEvent::oneLine);
        detail = oneLine(detail);
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length() && line.length() < LONGEST; i++) {
            char c = text.charAt(i);
            line.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return line.toString();
    }
}
