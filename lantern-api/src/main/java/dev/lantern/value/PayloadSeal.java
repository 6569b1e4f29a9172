package dev.lantern.value;

/**
 * Encryption of payload bytes at rest: plain bytes in memory, sealed bytes in the journal.
 *
 * <p>Commitments are over the plain bytes, so rotating the seal's key changes no hash. Implementations are
 * thread-safe and authenticate what they open; they must bind the sealed bytes to {@code run}, so that rows
 * swapped between runs do not open.
 */
public interface PayloadSeal {

    /** Encrypts {@code plain} so that only {@link #open} for the same run gives it back. */
    byte[] seal(RunRef run, byte[] plain);

    /**
     * Gives back what {@link #seal} was given.
     *
     * @throws LanternException if the bytes were not sealed for this run, or were changed
     */
    byte[] open(RunRef run, byte[] sealed);
}
