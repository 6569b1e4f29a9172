package dev.lantern.core.secrets;

import dev.lantern.secrets.SecretPlace;
import dev.lantern.value.LanternException;
import java.time.Duration;

/**
 * One call to a store, for its messages.
 *
 * @param verb what is attempted, such as {@code issuing}
 * @param place of which secret
 * @param store the store's name
 */
record Asked(String verb, SecretPlace place, String store) {

    /** @throws LanternException if nothing may be asked: no time is left, or the thread is interrupted */
    void begin(Duration within) {
        if (within.isZero() || within.isNegative()) {
            throw failed("no time was given (" + within + "); nothing was asked");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw failed("the thread is interrupted; nothing was asked");
        }
    }

    /** What happened, and what to do, behind what was attempted. Neither holds a value. */
    LanternException failed(String what) {
        return new LanternException(this + ": " + what);
    }

    LanternException closed() {
        return failed("the store is closed; open another");
    }

    @Override
    public String toString() {
        return verb + " secret " + place + " from " + store;
    }
}
