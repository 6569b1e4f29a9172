package dev.lantern.core.gateway;

/** What a caller proves itself with. Immutable; {@code toString} shows no secret. */
public sealed interface Presented {

    /**
     * Something that whoever holds it may show.
     *
     * @param credential as {@link CallerCredential} makes it of what was sent; the receiver's own
     */
    record Bearer(byte[] credential) implements Presented {
        @Override
        public String toString() {
            return "Bearer[" + credential.length + " bytes]";
        }
    }

    /**
     * The key of the connection that the call came over. The door has checked it, and that the call names the run and the
     * epoch that it is certified for; whether that epoch still is the newest one, it does not know.
     */
    record Certificate(PeerIdentity peer) implements Presented {}
}
