package dev.lantern.substrate;

import java.time.Instant;

/** Told of what arises by itself. Calls come from any thread, never block and never throw. */
public interface SubstrateListener {

    /** The instance has passed a checkpoint behind the gate. May be repeated. */
    void verified(InstanceRef instance, Verified verified);

    /** The instance is no more. May be repeated. */
    void ended(InstanceRef instance, InstanceEnd end);

    /**
     * The agent wrote a line.
     *
     * @param at when, as exactly as the substrate knows; of one instance in the order of the lines
     * @param stream {@code stdout} or {@code stderr}, or {@code log} where the platform mixes the two
     * @param line without its line end
     */
    void logged(InstanceRef instance, Instant at, String stream, String line);
}
