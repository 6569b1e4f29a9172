package dev.lantern.agent.harness;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.value.LanternException;

/**
 * Where the agent finds its secrets beside the loopback API. Called in turns, and does what it is told before it returns:
 * what has been removed is gone, not about to be. So it writes to memory, or to files that nothing is synced of.
 */
public interface SecretsPlace {
    /** For an agent that asks over the loopback API alone. */
    SecretsPlace NONE = new SecretsPlace() {
        @Override
        public void put(String name, Confidential value) {}

        @Override
        public void remove(String name) {}

        @Override
        public void removeAll() {}
    };

    /**
     * Puts the value there, in place of the one before it. Whoever reads meanwhile finds the one or the other, whole.
     *
     * @throws LanternException if it cannot, which ends the instance; its message does not show the value
     */
    void put(String name, Confidential value);

    /**
     * Its lease is over; a value may follow again. Does nothing if there is none.
     *
     * @throws LanternException if it cannot, which ends the instance
     */
    void remove(String name);

    /** The instance has ended: removes all of them for good. Repeating it does nothing; never throws. */
    void removeAll();
}
