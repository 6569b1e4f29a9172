package dev.lantern.core.format;

import dev.lantern.journal.Head;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;

/**
 * The hash chain over one run's events.
 *
 * <pre>
 * hash_0 = SHA-256("lantern/journal/v1\n" ‖ tenant ‖ 0x00 ‖ run)
 * leaf_n = SHA-256(0x00 ‖ event_n)
 * hash_n = SHA-256(0x02 ‖ hash_(n-1) ‖ leaf_n)
 * </pre>
 *
 * <p>The leaf is that of RFC 6962, so the same leaves carry the Merkle tree of a receipt; 0x01 is left to that
 * tree's nodes. {@code hash_0} binds a chain to its run, so no chain continues another.
 */
public final class Chain {
    private static final byte[] DOMAIN = "lantern/journal/v1\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LEAF = {0x00};
    private static final byte[] LINK = {0x02};
    private static final byte[] SEPARATOR = {0x00};

    private Chain() {}

    /** The head of a run that has no event yet: sequence number 0 and {@code hash_0}. */
    public static Head genesis(RunRef run) {
        return new Head(0, Digest.sha256(DOMAIN, ascii(run.tenant()), SEPARATOR, ascii(run.run())));
    }

    /** The leaf of an event, over its exact bytes. */
    public static Digest leaf(byte[] event) {
        return Digest.sha256(LEAF, event);
    }

    /** The chain's hash behind {@code before}, once {@code leaf} is appended. */
    public static Digest next(Digest before, Digest leaf) {
        return Digest.sha256(LINK, before.bytes(), leaf.bytes());
    }

    /** The head behind {@code head}, once the event of these bytes is appended. */
    public static Head append(Head head, byte[] event) {
        return new Head(head.seq() + 1, next(head.hash(), leaf(event)));
    }

    /** Names are ASCII by the rule of {@link RunRef}. */
    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
