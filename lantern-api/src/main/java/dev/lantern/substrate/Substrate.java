package dev.lantern.substrate;

import dev.lantern.gate.Facts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

    /**
     * Opens it, once, before any start. Before that it is asked only what it is like: {@link #name},
     * {@link #issuesCredentials}, {@link #checkpointsBeforeEnrolment}, {@link #isAttested}, {@link #callsOverNetwork}.
     */
    void open(SubstrateHost host);

    /** Starts an instance. Idempotent by run and epoch: what stands already is left alone. */
    void start(InstanceStart start, Duration within);

    /**
     * Stops an instance and removes all that stands of it: asks it to end, and kills it after {@code grace}, or after what
     * the platform was told at its start. Idempotent; stopping what does not stand is no error.
     *
     * @return whether nothing of it runs any more; where the platform does the waiting, this returns with {@code false}
     *     once it was asked, and is called again until it is gone
     */
    boolean stop(InstanceRef instance, Duration grace, Duration within);

    /**
     * From now on tells the instance's lines as they are written, from behind what {@link SubstrateHost#kept} says; while
     * nobody wants them, a substrate for which that is work need not tell them before {@link #stop}, which tells the rest.
     * Lost on close; repeating it is harmless. Does nothing where lines are told anyway, or where nothing stands.
     */
    default void follow(InstanceRef instance) {}

    /** The lines of this instance are no longer wanted as they are written. */
    default void unfollow(InstanceRef instance) {}

    /**
     * Whether its instances prove who they are with a credential of the platform, and not with
     * {@link InstanceStart#enrolmentSecret}, which then goes nowhere.
     */
    default boolean issuesCredentials() {
        return false;
    }

    /**
     * Whose credential of the platform this is; empty if it is nobody's, or that of an instance that stands no more. What
     * cannot be told is an exception, and the caller comes again. Called only where {@link #issuesCredentials}.
     *
     * @param credential what the caller presented, whoever it is
     */
    default Optional<InstanceRef> identify(byte[] credential, Duration within) {
        return Optional.empty();
    }

    /**
     * The checkpoints behind the gate ({@link Verified}) that an instance has to have passed before its harness is enrolled
     * and its agent starts. The substrate of every host finds out about each of them, also of instances that another host
     * has started: it tells its listener, and {@link #verified} again. Where it cannot, the instance is told to have ended.
     */
    default List<String> checkpointsBeforeEnrolment() {
        return List.of();
    }

    /**
     * The checkpoints of {@link #checkpointsBeforeEnrolment} that this instance is known to have passed, from memory: what
     * was told while its run was another host's is not told by itself a second time.
     */
    default List<Verified> verified(InstanceRef instance) {
        return List.of();
    }

    /**
     * Whether its instances run in sandboxes of their own, on which their harnesses report from inside when they enrol. Then
     * nobody is enrolled whose report does not prove what was admitted, and {@link #compare} is asked before.
     */
    default boolean isAttested() {
        return false;
    }

    /**
     * Looks once more whether an instance is what was admitted, at the platform and not in memory: between the last look and
     * this one its harness has started and reported. Called only where {@link #isAttested}.
     *
     * @return what was seen; empty if that cannot be told now, and the instance asks again, or if it is no longer what was
     *     admitted, of which the listener is told
     */
    default Optional<Verified> compare(InstanceRef instance, Duration within) {
        return Optional.empty();
    }

    /** Whether its instances reach their hosts over a network, so that each host needs a gateway that it listens on. */
    default boolean callsOverNetwork() {
        return false;
    }

    /** Every instance of this installation that stands, for reconciliation. */
    List<InstanceRef> standing(Duration within);

    /** Stops what ends with the host and releases the rest. Idempotent. */
    @Override
    void close();
}
