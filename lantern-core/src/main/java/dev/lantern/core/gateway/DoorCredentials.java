package dev.lantern.core.gateway;

import dev.lantern.value.LanternException;
import java.util.List;

/**
 * What a door with TLS shows, and whom it believes. Whether a certificate is good is decided here and nowhere else: the JDK
 * checks that the caller holds the certificate's key, and nothing about who that is. Thread-safe.
 *
 * <p>Both are asked within a handshake, on the thread that does handshakes: what takes longer than a computation (renewing a
 * certificate, reading keys) is done beforehand.
 */
public interface DoorCredentials {

    /**
     * The newest that this host has. A new one is shown to whoever connects from then on; open connections stay.
     *
     * @throws LanternException if there is none now; nobody can connect then
     */
    DoorIdentity current();

    /**
     * Whose a client's certificate is. The caller makes sure that the first certificate's key is the connection's, and that
     * it is the one named in the answer.
     *
     * @param derChain what the client sent, its own certificate first; at least one, at most four
     */
    PeerVerdict verify(List<byte[]> derChain);
}
