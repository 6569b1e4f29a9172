package dev.lantern.substrate;

import dev.lantern.gate.Facts;
import java.time.Duration;
import java.util.List;

/**
 * Starts, watches and stops instances somewhere. Implemented by backends, called by the engine only.
 *
 * <p>Calls block, are thread-safe, give up when {@code within} has passed and honour interruption. An exception
 * means that nothing is known about the call: the engine asks {@link #standing} and decides.
 */
public interface Substrate extends AutoCloseable {

    /** What it is, for evidence and messages, such as {@code local processes}. */
    String name();

    /**
     * What it can tell about where a tenant's agents would run, looked up now. What it cannot tell is part of the answer
     * and no exception; an exception means that nothing is known, and the question is put again.
     */
    Facts facts(String tenant, Duration within);

    /** Hands over the listener, once, before any start. */
    void open(SubstrateListener listener);

    /** Starts an instance. Idempotent by run and epoch: what stands already is left alone. */
    void start(InstanceStart start, Duration within);

    /**
     * Stops an instance and removes all that stands of it: asks it to end, waits for {@code grace}, then kills.
     * Idempotent; stopping what does not stand is no error. On return nothing of it runs.
     */
    void stop(InstanceRef instance, Duration grace, Duration within);

    /** Every instance of this installation that stands, for reconciliation. */
    List<InstanceRef> standing(Duration within);

    /** Stops what ends with the host and releases the rest. Idempotent. */
    @Override
    void close();
}
