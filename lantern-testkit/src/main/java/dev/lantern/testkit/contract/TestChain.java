package dev.lantern.testkit.contract;

import dev.lantern.journal.Head;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;

/** The journal's hash chain, as the design writes it down; no code shared with what is under test. */
final class TestChain {
    private static final byte[] LEAF = {0};
    private static final byte[] LINK = {2};

    private TestChain() {}

    /** The head of a chain without events. */
    static Head start(RunRef run) {
        return new Head(0, Digest.sha256(ascii("lantern/journal/v1\n"), ascii(run.tenant()), LEAF, ascii(run.run())));
    }

    static Head next(Head head, byte[] event) {
        Digest leaf = Digest.sha256(LEAF, event);
        return new Head(head.seq() + 1, Digest.sha256(LINK, head.hash().bytes(), leaf.bytes()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
