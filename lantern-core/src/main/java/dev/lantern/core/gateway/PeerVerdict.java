package dev.lantern.core.gateway;

/** What was found about a client's certificate. */
public sealed interface PeerVerdict {

    /** It was issued to this instance, and is valid now. */
    record Certified(PeerIdentity peer) implements PeerVerdict {}

    /**
     * It proves nothing.
     *
     * @param code a short reason for the security log, out of the verifier's closed list, such as {@code unknown-authority}
     * @param detail for people; the client learns neither
     */
    record Rejected(String code, String detail) implements PeerVerdict {}
}
