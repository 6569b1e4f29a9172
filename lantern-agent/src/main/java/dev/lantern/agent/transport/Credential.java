package dev.lantern.agent.transport;

import dev.lantern.value.LanternException;

/** What an instance proves itself with. Asked anew for every call, on the call's own thread, and may block. */
@FunctionalInterface
public interface Credential {

    /**
     * The secret as it is now: one word of printable ASCII.
     *
     * @throws LanternException if there is none now; the message shows nothing of it, and the call counts as lost
     */
    String secret();
}
