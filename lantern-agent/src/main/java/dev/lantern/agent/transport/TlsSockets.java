package dev.lantern.agent.transport;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.transport.ClientIdentity.Shown;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Makes connections over TLS 1.3 of connected sockets. Each has a context of its own: nothing of it is left for another one to
 * resume, so each proves both ends anew. Thread-safe.
 */
final class TlsSockets {
    private static final String VERSION = "TLSv1.3";
    private static final Duration HANDSHAKE_WITHIN = Duration.ofSeconds(10);

    private final GatewayTrust trust;
    private final Clockwork clockwork;

    TlsSockets(GatewayTrust trust, Clockwork clockwork) {
        this.trust = trust;
        this.clockwork = clockwork;
    }

    /**
     * Shakes hands.
     *
     * @param plain belongs to the returned socket; to the caller if this fails
     * @throws IOException if the other end is not the gateway, or does not say so in time; the message names what was found
     */
    Socket secured(Socket plain, GatewayAddress address, Shown shown) throws IOException {
        SSLSocket socket =
                (SSLSocket) context(shown).getSocketFactory().createSocket(plain, address.host(), address.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        // The gateway is told by its certificate's URI. It has no name in the network that it would answer differently
        // to.
        parameters.setServerNames(List.of());
        socket.setSSLParameters(parameters);
        // Of the plain socket: closing the other one would wait for the handshake that is to be ended.
        Clockwork.Timer late = clockwork.later(HANDSHAKE_WITHIN, () -> closed(plain));
        try {
            socket.startHandshake();
        } finally {
            late.cancel();
        }
        return socket;
    }

    private SSLContext context(Shown shown) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            KeyManager[] keys = shown.keys()
                    .<KeyManager[]>map(own -> new KeyManager[] {own})
                    .orElse(new KeyManager[0]);
            context.init(keys, new TrustManager[] {new ServerTrust(trust)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new LanternException("this JVM cannot speak " + VERSION, e);
        }
    }

    private static void closed(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket whose handshake was too slow could not be closed", e);
        }
    }
}
