package dev.lantern.journal;

import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One immutable row of a run's chain. Tenant, run, sequence number, epoch, kind, version and time are inside
 * the bytes; what can be erased is beside them and outside the hash.
 */
public final class Event {
    /** The most bytes that an event, its salts or an inbox message may each have (1 MiB). */
    public static final int MAX_BYTES = 1024 * 1024;

    /**
     * The most bytes that an event's body may have: the largest payload, and 1 MiB for its frame and seal. Bodies
     * above 64 KiB belong into {@link Journal#keep}, except a run's input, which has no run before its first event.
     */
    public static final int MAX_BODY_BYTES = Opening.MAX_BYTES + 1024 * 1024;

    private final long seq;
    private final byte[] bytes;
    private final Digest hash;
    private final Optional<Erasable> erasable;

    /**
     * An event at its place in a chain.
     *
     * @param seq the place in the chain, from 1
     * @param bytes the event exactly as hashed; not copied, the caller gives it away
     * @param hash the chain's hash at {@code seq}
     * @param erasable salts and payload bytes, or empty where the event commits to none or they were erased
     * @throws IllegalArgumentException if there are more than {@link #MAX_BYTES} bytes
     */
    public Event(long seq, byte[] bytes, Digest hash, Optional<Erasable> erasable) {
        this.seq = seq;
        this.bytes = bounded("an event", bytes, MAX_BYTES);
        this.hash = Objects.requireNonNull(hash, "hash");
        this.erasable = Objects.requireNonNull(erasable, "erasable");
    }

    /** The event's place in the chain. */
    public long seq() {
        return seq;
    }

    /** The event exactly as hashed; shared, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** The chain's hash at {@link #seq()}. */
    public Digest hash() {
        return hash;
    }

    /** Salts and payload bytes; empty where the event commits to none or they were erased. */
    public Optional<Erasable> erasable() {
        return erasable;
    }

    static byte[] bounded(String what, byte[] bytes, int most) {
        if (bytes.length > most) {
            throw new IllegalArgumentException(what + " has at most " + most + " bytes, found " + bytes.length);
        }
        return bytes;
    }

    /** A copy of {@code events} after checking that there is one and that they count up from behind {@code after}. */
    static List<Event> consecutive(String attempt, long after, List<Event> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException(attempt + ": at least one event is needed, found none");
        }
        long expected = after;
        for (Event event : events) {
            expected++;
            if (event.seq() != expected) {
                throw new IllegalArgumentException(
                        attempt + ": event " + expected + " comes next, found event " + event.seq());
            }
        }
        return List.copyOf(events);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Event that
                && seq == that.seq
                && hash.equals(that.hash)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "Event[" + seq + ", " + hash + "]";
    }

    /**
     * What a backend keeps in nullable columns of the event's row and sets to null when the payloads are erased.
     * Opaque to the backend: the engine frames it, and a {@link dev.lantern.value.PayloadSeal} may have sealed the body.
     * Arrays are shared, not to be changed.
     */
    public record Erasable(byte[] salts, byte[] body) {

        /** @throws IllegalArgumentException if the salts or the body are longer than allowed */
        public Erasable {
            bounded("an event's salts", salts, MAX_BYTES);
            bounded("an event's body", body, MAX_BODY_BYTES);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Erasable that && Arrays.equals(salts, that.salts) && Arrays.equals(body, that.body);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(salts);
        }

        @Override
        public String toString() {
            return "Erasable[" + salts.length + " + " + body.length + " bytes]";
        }
    }
}
