package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries one call to the gateway: over sockets, as a method call in one JVM, or over a simulated network.
 *
 * <p>It neither repeats nor reorders on purpose; it may lose, duplicate and delay. The harness copes.
 */
public interface Transport {

    /**
     * Sends the call once and returns without waiting.
     *
     * @param owner where the run's owner said it is reached; empty for the gateway's stable address
     * @param outcome told in a turn of the harness's clockwork, never inside this call. A transport that loses
     *     track may never tell; the harness then repeats by its own timer
     */
    void send(Optional<String> owner, GatewayCall call, Consumer<Outcome> outcome);

    /** What became of one sending. */
    sealed interface Outcome {
        /** The gateway answered. */
        record Answered(GatewayReply reply) implements Outcome {}

        /**
         * No answer arrived; whether the call was carried out is unknown.
         *
         * @param why for people; holds no payload and no secret
         */
        record Lost(String why) implements Outcome {}
    }
}
