package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls of instances that were taken and are not answered, bounded by number and by the payloads that they bring.
 * Behind a journal that is slow or away they wait in memory; above the bound further ones are told to come again, which
 * harnesses do. Nothing is lost by that: what is refused here was not taken. Heartbeats are always taken: they write
 * nothing, and an instance must not be given up because its journal is away. Thread-safe.
 */
final class CallsInHand {
    static final int MOST_CALLS = 20_000;
    static final long MOST_BYTES = 64L * 1024 * 1024;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** The call with a token that notices its answer; empty if there is no room, and then it is answered. */
    Optional<CallToken> take(GatewayCall call, CallToken token) {
        if (call instanceof GatewayCall.Heartbeat) {
            return Optional.of(token);
        }
        long size = Payloads.size(call);
        int count = calls.incrementAndGet();
        long sum = bytes.addAndGet(size);
        // A payload that is alone gets through, however large it is.
        if (count > MOST_CALLS || sum > MOST_BYTES && sum > size) {
            release(size);
            token.answer(Replies.unavailable("this host has too many calls waiting for its journal; repeat the call"));
            return Optional.empty();
        }
        return Optional.of((GatewayReply reply) -> {
            release(size);
            token.answer(reply);
        });
    }

    private void release(long size) {
        calls.decrementAndGet();
        bytes.addAndGet(-size);
    }
}
