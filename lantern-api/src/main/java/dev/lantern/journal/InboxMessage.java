package dev.lantern.journal;

import java.util.Arrays;

/**
 * Something that arose away from the run's owner: a cancel, a signal.
 *
 * @param id the backend's number for it, growing; 0 before it was put
 * @param key the run, as {@link RunRow#key()} names it
 * @param kind what it is; the engine's word
 * @param body its content in the engine's form; shared, not to be changed
 */
public record InboxMessage(long id, long key, String kind, byte[] body) {

    /** @throws IllegalArgumentException if the body is longer than {@link Event#MAX_BYTES} */
    public InboxMessage {
        Event.bounded("a message's body", body, Event.MAX_BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InboxMessage that
                && id == that.id
                && key == that.key
                && kind.equals(that.kind)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return "InboxMessage[" + id + ", " + kind + ", " + body.length + " bytes]";
    }
}
