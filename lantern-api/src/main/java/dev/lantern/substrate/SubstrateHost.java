package dev.lantern.substrate;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What a substrate gets of the runtime that opens it: whose instances these are, whom to tell, and what it may take of
 * the world besides its own I/O. Thread-safe; good until the substrate is closed.
 */
public interface SubstrateHost {

    /**
     * The random id that was made with the journal's schema: the same for every host on this journal, and for ever.
     * Whatever a substrate makes somewhere bears it, and what bears another one is none of its business. Asks the journal, so it is asked once, in {@link Substrate#open}.
     */
    String installation();

    /** Whom to tell of what arises by itself. */
    SubstrateListener listener();

    /**
     * Runs {@code work} on a thread of its own, a daemon, and returns at once. What it throws is logged and ends it.
     *
     * @param name names the thread while it works, for thread dumps
     */
    void work(String name, Runnable work);

    /** The wall clock. */
    InstantSource clock();

    /** Chance, for pauses that must not coincide. Not for secrets. */
    RandomGenerator chance();

    /**
     * How far an instance's lines are kept already, by whichever host: a substrate that can read them again goes on
     * behind it. Blocks for the log store's own I/O.
     */
    LogPosition kept(InstanceRef instance);
}
