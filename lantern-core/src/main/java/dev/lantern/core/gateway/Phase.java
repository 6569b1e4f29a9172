package dev.lantern.core.gateway;

import java.time.Duration;

/** What a connection is waiting for. */
enum Phase {
    /** The first request's head. */
    FIRST,
    /** The next request's first byte. */
    IDLE,
    /** The rest of a head. */
    HEAD,
    /** The rest of a body. */
    BODY,
    /** The host's answer. */
    ANSWER,
    /** The client, which has to read the answer. */
    WRITE,
    /** The client's end, after the last answer. */
    LINGER;

    private static final Duration LINGER_FOR = Duration.ofSeconds(1);

    Duration within(GatewayLimits limits) {
        return switch (this) {
            case FIRST -> limits.firstCallWithin();
            case IDLE -> limits.idleFor();
            case HEAD -> limits.headWithin();
            case BODY -> limits.bodyWithin();
            case ANSWER -> limits.answerWithin();
            case WRITE -> limits.writeWithin();
            case LINGER -> LINGER_FOR;
        };
    }
}
