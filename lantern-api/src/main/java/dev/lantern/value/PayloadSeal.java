package dev.lantern.value;

/**
 * Encryption of payload bytes at rest: plain bytes in memory, sealed bytes in the journal.
 *
 * <p>Commitments are over the plain bytes, so sealing anew under another key changes no hash. Implementations are
 * thread-safe, wait for nothing (they are called where runs are decided), and authenticate what they open together
 * with where it stands, so that bytes moved to another run or another place in one do not open.
 */
public interface PayloadSeal extends AutoCloseable {

    /**
     * Encrypts {@code plain} so that only {@link #open} with the same run and place gives it back.
     *
     * @param place which payload of the run it is, by a digest that no other one has
     */
    byte[] seal(RunRef run, Digest place, byte[] plain);

    /**
     * Gives back what {@link #seal} was given.
     *
     * @throws LanternException if the bytes were not sealed for this run and place, were changed, or need a key that
     *     is not there
     */
    byte[] open(RunRef run, Digest place, byte[] sealed);

    /** Forgets the keys, as far as it can. Called by the runtime that it was given to. Idempotent. */
    @Override
    default void close() {}
}
