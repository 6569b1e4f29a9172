package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.gate.Earlier;
import dev.lantern.gate.Placement;
import dev.lantern.value.Digest;
import java.time.Duration;
import java.util.Optional;

/** What is to be done once the events before it are durable, and not earlier. */
sealed interface Act {

    /** Answers a call. */
    record Reply(CallToken token, GatewayReply reply) implements Act {}

    /** Answers a call with the head that is durable by then. */
    record Accept(CallToken token) implements Act {}

    /**
     * Answers an enrolment with the resume document.
     *
     * @param protocol the version that is spoken from now on
     */
    record Resume(CallToken token, int protocol) implements Act {}

    /** Answers the begin of a completed step from the event at {@code seq}, if the input is the same. */
    record Replay(Stimulus.Called called, GatewayCall.Begin call, long seq) implements Act {}

    /** Compares the input of a begin with that of the durable begin at {@code seq}, and takes the call again. */
    record CompareInput(Stimulus.Called called, GatewayCall.Begin call, long seq) implements Act {}

    /**
     * Looks for the event that a call says was acknowledged, and takes the call again.
     *
     * @param seq its place
     * @param hash the chain's hash there
     */
    record FindHead(Stimulus.Called called, long seq, Optional<Digest> hash) implements Act {
        static FindHead of(Stimulus.Called called) {
            if (called.call() instanceof GatewayCall.Begin begin) {
                return new FindHead(called, begin.seq(), begin.hash());
            }
            GatewayCall.Heartbeat heartbeat = (GatewayCall.Heartbeat) called.call();
            return new FindHead(called, heartbeat.seq(), heartbeat.hash());
        }
    }

    /** Asks the platform once more about the instance that calls to enrol, and takes the call again. */
    record CompareOnceMore(Stimulus.Called called) implements Act {}

    /** Asks the gate about the next instance. */
    record AskGate(Earlier earlier) implements Act {}

    /**
     * Starts the instance.
     *
     * @param secret goes to its harness and nowhere else
     * @param placement all that the gate's decision on this instance says
     * @param useBy until when that decision may be acted upon
     */
    record Start(int epoch, byte[] secret, Placement placement, UseBy useBy) implements Act {
        @Override
        public String toString() {
            return "Start[" + epoch + "]";
        }
    }

    /** Asks the substrate which checkpoints the instance has passed; what it says was perhaps told before. */
    record AskCheckpoints(int epoch) implements Act {}

    /** Stops what stands of an epoch. */
    record Stop(int epoch, Duration grace) implements Act {}

    /** Removes an inbox message that has become an event. */
    record Discard(long inboxId) implements Act {}
}
