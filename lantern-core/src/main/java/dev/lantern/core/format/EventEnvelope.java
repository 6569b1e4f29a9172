package dev.lantern.core.format;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.time.Instant;

/**
 * What every event says, whatever its kind: the bytes that are hashed, stored and exported.
 *
 * <p>Canonical JSON with exactly the members {@code data, epoch, kind, run, seq, tenant, time, v}. What {@code data}
 * holds is the kind's business; a reader that does not know a kind still reads its envelope.
 *
 * @param version the version of the kind's data, from 1
 * @param kind what happened: 1 to 64 characters of {@code a-z 0-9 _}, beginning with a letter
 * @param run whose event it is
 * @param seq its place in the run's chain, from 1
 * @param epoch the run's epoch behind this event; 0 before the first instance
 * @param time when the owner wrote it; cut off to microseconds
 * @param data what the kind says
 */
public record EventEnvelope(int version, String kind, RunRef run, long seq, int epoch, Instant time, Json.Obj data) {

    /** The longest event, in bytes (1 MiB): payloads stand beside it, not in it. */
    public static final int MAX_BYTES = 1024 * 1024;

    private static final int MAX_KIND = 64;
    private static final StrictJson.Bounds BOUNDS = StrictJson.Bounds.ofBytes(MAX_BYTES);

    /** @throws LanternException if a number is out of range or the kind is no name of a kind */
    public EventEnvelope {
        if (!isKind(kind)) {
            throw new LanternException("an event's kind is 1 to " + MAX_KIND
                    + " characters of a-z 0-9 _ and begins with a letter, found " + kind.length() + " others");
        }
        if (version < 1 || seq < 1 || seq > Json.MAX_INTEGER || epoch < 0) {
            throw new LanternException(
                    "event " + kind + " of run " + run + " has version " + version + ", sequence number " + seq
                            + " and epoch " + epoch + "; the first two count from 1, the third from 0");
        }
        time = Timestamp.truncate(time);
    }

    /**
     * The event's bytes; computed at every call.
     *
     * @throws LanternException if they are longer than {@link #MAX_BYTES}
     */
    public byte[] bytes() {
        byte[] bytes = Json.object()
                .put("data", data)
                .put("epoch", epoch)
                .put("kind", kind)
                .put("run", run.run())
                .put("seq", seq)
                .put("tenant", run.tenant())
                .put("time", Timestamp.format(time))
                .put("v", version)
                .build()
                .bytes();
        if (bytes.length > MAX_BYTES) {
            throw new LanternException("event " + kind + " of run " + run + " at " + seq + " has " + bytes.length
                    + " bytes; allowed are " + MAX_BYTES + ". Put the content into a payload");
        }
        return bytes;
    }

    /**
     * Reads what {@link #bytes} writes and nothing else.
     *
     * @throws LanternException if the bytes are not canonical, or a member is missing, unknown or out of range
     */
    public static EventEnvelope parse(byte[] bytes) {
        return of(StrictJson.parseCanonical(bytes, BOUNDS));
    }

    /**
     * Reads an event whose hash was verified against its chain. Whether the bytes are canonical was settled when they
     * were hashed, and is not computed again.
     *
     * @throws LanternException if a member is missing, unknown or out of range
     */
    public static EventEnvelope parseVerified(byte[] bytes) {
        return of(StrictJson.parse(bytes, BOUNDS));
    }

    private static EventEnvelope of(Json parsed) {
        if (!(parsed instanceof Json.Obj json)) {
            throw new LanternException("an event must be an object");
        }
        json.requireOnly("data", "epoch", "kind", "run", "seq", "tenant", "time", "v");
        return new EventEnvelope(
                json.int32("v"),
                json.text("kind"),
                new RunRef(json.text("tenant"), json.text("run")),
                json.integer("seq"),
                json.int32("epoch"),
                Timestamp.parse(json.text("time")),
                json.object("data"));
    }

    private static boolean isKind(String kind) {
        if (kind.isEmpty() || kind.length() > MAX_KIND || kind.charAt(0) < 'a' || kind.charAt(0) > 'z') {
            return false;
        }
        for (int i = 1; i < kind.length(); i++) {
            char c = kind.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
                return false;
            }
        }
        return true;
    }
}
