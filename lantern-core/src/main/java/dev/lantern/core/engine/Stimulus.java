package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.Problem;
import dev.lantern.gate.Decision;
import dev.lantern.substrate.InstanceEnd;
import java.util.List;

/** What can happen to a run from outside its chain. */
sealed interface Stimulus {

    /** Time has passed. */
    record Tick() implements Stimulus {}

    /**
     * This host owns the run from now on, after another one did.
     *
     * @param host this host's incarnation
     * @param standing the epochs of the run that the substrate says still stand
     */
    record Adopted(long host, List<Integer> standing) implements Stimulus {}

    /** The gate has decided. */
    record GateDecided(Decision decision) implements Stimulus {}

    /** The facts that the gate needs could not be had; it is asked again. */
    record GateUnavailable() implements Stimulus {}

    /** The substrate answered a start: the instance stands, or will say that it ended. */
    record Started(int epoch) implements Stimulus {}

    /** The substrate answered a start with an exception. */
    record StartFailed(int epoch, String cause) implements Stimulus {}

    /** The substrate says that an instance has ended. */
    record Ended(int epoch, InstanceEnd end) implements Stimulus {}

    /** A stop returned: nothing of the epoch stands. */
    record Stopped(int epoch) implements Stimulus {}

    /** A stop threw: nothing is known. */
    record StopFailed(int epoch) implements Stimulus {}

    /**
     * An instance's harness calls.
     *
     * @param secret what it proves itself with
     * @param sameInputAs the step's begin that the input of this one was compared with and equals; 0 for none
     */
    record Called(CallToken token, byte[] secret, GatewayCall call, long sameInputAs) implements Stimulus {
        Called(CallToken token, byte[] secret, GatewayCall call) {
            this(token, secret, call, 0);
        }

        Called sameInputAs(long begin) {
            return new Called(token, secret, call, begin);
        }
    }

    /** What a call asks for was looked up in the journal, and it must be refused. */
    record TurnedAway(Called called, Problem problem) implements Stimulus {}

    /**
     * Somebody asked for the run's end.
     *
     * @param inboxId the message that says so
     */
    record Cancel(long inboxId, String reason) implements Stimulus {}
}
