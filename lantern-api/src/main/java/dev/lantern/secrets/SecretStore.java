package dev.lantern.secrets;

import java.time.Duration;
import java.util.Optional;

/**
 * Keeps secrets, or has them made. Whether an agent may have one was decided before a store is asked.
 *
 * <p>Thread-safe. Calls block for no more than their own I/O and never beyond {@code within}, which covers the connection, a
 * login and every retry; with zero or less nothing is asked. An interrupted call throws, and the thread stays interrupted.
 *
 * <p>An exception means that nothing is known about this call: whoever repeats it may get, or end, what the first one
 * made. A dynamic secret whose answer was lost ends at the backend with its own lifetime, which is why {@code ttl} is
 * short. No exception holds a value, a token, or what a backend answered.
 */
public interface SecretStore extends AutoCloseable {

    /** What this is and where, for evidence and messages, such as {@code OpenBao at https://bao.example:8200}. */
    String name();

    /**
     * Reads a static value, or has the backend make a dynamic one. Each call that makes one makes another.
     *
     * @param ttl how long it is wanted; a backend may grant less, or more, and says how much
     * @return empty if there is none at that place, or this store may not read it: the two look the same. The value
     *     belongs to the caller, who closes it
     * @throws dev.lantern.value.LanternException if nothing is known
     */
    Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within);

    /**
     * Extends a dynamic secret.
     *
     * @param handle of an {@link IssuedSecret} that this store, in this or another process, issued for this place
     * @param ttl how long it is wanted from now
     * @return how long it is valid from now, which may be less; empty when the backend will not extend it, any more or
     *     ever: a new one has to be issued. So for a handle of another place, and for static secrets
     * @throws dev.lantern.value.LanternException if nothing is known
     */
    Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within);

    /**
     * Ends a dynamic secret at the backend: when this returns, what was issued with that handle is of no use. Idempotent;
     * what has ended already is no error, and a handle of another place ends nothing.
     *
     * @throws dev.lantern.value.LanternException if nothing is known; it may still be valid
     */
    void revoke(SecretPlace place, String handle, Duration within);

    /** Lets go of connections and of what the store holds of its own; later calls throw. Ends no secret. Idempotent. */
    @Override
    void close();
}
