package dev.lantern.benchmarks;

import dev.lantern.core.format.Chain;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import java.util.Optional;
import java.util.Random;

/** Events of the size that every contender writes: 400 bytes as hashed, 32 of salt, a payload of 200. Thread-safe. */
final class SampleEvents {
    static final int EVENT_BYTES = 400;
    static final int SALT_BYTES = 32;
    static final int BODY_BYTES = 200;

    /** What must be kept of one event, without any index or page. */
    static final int KEPT_BYTES = EVENT_BYTES + SALT_BYTES + BODY_BYTES + 32 + 16;

    private SampleEvents() {}

    /** The next event of a chain, hashed as the engine hashes. */
    static Event after(Head head, Random random) {
        byte[] bytes = bytes(EVENT_BYTES, random);
        Head after = Chain.append(head, bytes);
        Event.Erasable erasable = new Event.Erasable(bytes(SALT_BYTES, random), bytes(BODY_BYTES, random));
        return new Event(after.seq(), bytes, after.hash(), Optional.of(erasable));
    }

    private static byte[] bytes(int count, Random random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
