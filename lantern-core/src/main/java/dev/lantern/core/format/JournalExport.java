package dev.lantern.core.format;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.journal.Event;
import dev.lantern.run.ChainVerdict;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * A run's chain as a file that somebody else can check: one line of canonical JSON for the run, one for each event.
 *
 * <pre>
 * {"format":"lantern/journal-export/v1","run":"ticket-4711","tenant":"acme"}
 * {"bytes":"eyJk…","hash":"5f1c…","seq":1}
 * </pre>
 *
 * <p>{@code bytes} are the event's exact bytes in base64 (RFC 4648, padded), {@code hash} the chain's hash there in
 * lower-case hexadecimal; each line ends in a newline. Payloads are not in it.
 */
public final class JournalExport {
    static final String FORMAT = "lantern/journal-export/v1";

    private static final int BUFFER = 64 * 1024;
    private static final int MAX_LINE = EventEnvelope.MAX_BYTES / 3 * 4 + 1024;
    private static final StrictJson.Bounds BOUNDS = StrictJson.Bounds.ofBytes(MAX_LINE);

    private final OutputStream out;

    private JournalExport(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes the head line. The stream remains the caller's, who buffers and closes it.
     *
     * @throws IOException if the stream does
     */
    public static JournalExport begin(OutputStream out, RunRef run) throws IOException {
        JournalExport export = new JournalExport(out);
        export.line(Json.object()
                .put("format", FORMAT)
                .put("run", run.run())
                .put("tenant", run.tenant())
                .build());
        return export;
    }

    /** Writes one event, as it is; nothing is checked here. */
    public void add(Event event) throws IOException {
        line(Json.object()
                .put("bytes", Base64.getEncoder().encodeToString(event.bytes()))
                .put("hash", event.hash().hex())
                .put("seq", event.seq())
                .build());
    }

    private void line(Json json) throws IOException {
        out.write(json.bytes());
        out.write('\n');
    }

    /**
     * Reads a file to its end and verifies it as the chain of the run that its first line names. Whoever knows which
     * run it must be of, or where it must end, says so in the verifier. Memory does not grow with the file.
     *
     * @param verifier makes the verifier for the run that the file claims to be of
     * @throws IOException if the stream does; what the file holds never throws
     */
    public static ChainVerdict verify(InputStream in, Function<RunRef, ChainVerifier> verifier) throws IOException {
        Lines lines = new Lines(in);
        ChainVerifier chain;
        try {
            chain = verifier.apply(header(lines.next()));
        } catch (LanternException e) {
            return new ChainVerdict.Broken(0, ChainVerdict.Flaw.MALFORMED, "the first line: " + e.getMessage());
        }
        try {
            for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                add(line.get(), chain);
            }
        } catch (LanternException e) {
            chain.unreadable(e.getMessage());
        }
        return chain.verdict();
    }

    private static RunRef header(Optional<byte[]> line) {
        Json.Obj json = object(line.orElseThrow(() -> new LanternException("the file is empty")));
        json.requireOnly("format", "run", "tenant");
        if (!json.text("format").equals(FORMAT)) {
            throw new LanternException("the file is of another format; this version reads " + FORMAT);
        }
        return new RunRef(json.text("tenant"), json.text("run"));
    }

    private static void add(byte[] line, ChainVerifier chain) {
        Json.Obj json = object(line).requireOnly("bytes", "hash", "seq");
        chain.add(json.integer("seq"), base64(json.text("bytes")), Digest.ofHex(json.text("hash")));
    }

    private static Json.Obj object(byte[] line) {
        if (StrictJson.parseCanonical(line, BOUNDS) instanceof Json.Obj json) {
            return json;
        }
        throw new LanternException("a line must be an object");
    }

    /** The decoder takes unpadded text and stray bits; what it read must be what would have been written. */
    private static byte[] base64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new LanternException("member \"bytes\" is not base64", e);
        }
        throw new LanternException("member \"bytes\" is not in the one form of base64 that an encoder writes");
    }

    /** Lines of bounded length, each with its newline. */
    private static final class Lines {
        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER];
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private int position;
        private int limit;

        private Lines(InputStream in) {
            this.in = in;
        }

        private Optional<byte[]> next() throws IOException {
            line.reset();
            while (fill()) {
                int end = position;
                while (end < limit && buffer[end] != '\n') {
                    end++;
                }
                append(end);
                if (end < limit) {
                    position = end + 1;
                    return Optional.of(line.toByteArray());
                }
                position = end;
            }
            if (line.size() > 0) {
                throw new LanternException("the last line has no end: the file was cut");
            }
            return Optional.empty();
        }

        private void append(int end) {
            if (line.size() + end - position > MAX_LINE) {
                throw new LanternException("a line is longer than " + MAX_LINE + " bytes");
            }
            line.write(buffer, position, end - position);
        }

        private boolean fill() throws IOException {
            if (position == limit) {
                position = 0;
                limit = Math.max(0, in.read(buffer));
            }
            return limit > 0;
        }
    }
}
