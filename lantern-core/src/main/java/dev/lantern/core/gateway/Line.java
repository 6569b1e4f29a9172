package dev.lantern.core.gateway;

/** What a connection itself proves about whoever calls over it. */
sealed interface Line {

    /** Nothing, and it need not: callers prove themselves in each call. */
    record Plain() implements Line {}

    /** Nothing, although it could: only the call that asks for a certificate may come this way. */
    record Anonymous() implements Line {}

    /** The caller holds the key of this certificate. */
    record Certified(PeerIdentity peer) implements Line {}
}
