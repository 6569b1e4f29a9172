package dev.lantern.core.gateway;

import dev.lantern.value.LanternException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * One connection's TLS 1.3. Made anew for each connection, its context too, so that no handshake leaves anything that another
 * could resume: an instance whose epoch has ended must not be carried on by a session. Whom the connection is from is what
 * was verified in its own handshake, never what a session remembers.
 */
final class TlsHandshake {
    private static final String VERSION = "TLSv1.3";

    /** From RFC 8446, 4.6.1: no ticket may live longer. The JDK sends none for a session that may. */
    private static final int LONGER_THAN_TICKETS_MAY = 7 * 24 * 60 * 60 + 1;

    private final ServerKey key;
    private final ClientTrust trust;
    private final SSLEngine engine;
    private final FirstBytes firstBytes = new FirstBytes();

    private TlsHandshake(ServerKey key, ClientTrust trust, SSLEngine engine) {
        this.key = key;
        this.trust = trust;
        this.engine = engine;
    }

    /** @throws LanternException if this JVM has no TLS 1.3 */
    static TlsHandshake with(DoorCredentials credentials) {
        ServerKey key = new ServerKey(credentials);
        ClientTrust trust = new ClientTrust(credentials);
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(new KeyManager[] {key}, new TrustManager[] {trust}, null);
            context.getServerSessionContext().setSessionTimeout(LONGER_THAN_TICKETS_MAY);
            return new TlsHandshake(key, trust, engine(context));
        } catch (GeneralSecurityException e) {
            throw new LanternException("this JVM cannot speak " + VERSION, e);
        }
    }

    private static SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        // The first call, which asks for a certificate, comes without one.
        parameters.setWantClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    SSLEngine engine() {
        return engine;
    }

    /** Stands before TLS in the connection's pipeline. */
    FirstBytes firstBytes() {
        return firstBytes;
    }

    /**
     * Whether the client connected, said nothing and left: so do load balancers that look whether anybody listens, and
     * harnesses that try their fence. There is nothing in it that could have been refused.
     */
    boolean wasKnock() {
        return !firstBytes.came();
    }

    /** What the connection proves, once the handshake is done. */
    Line line() {
        return trust.certified().<Line>map(Line.Certified::new).orElseGet(Line.Anonymous::new);
    }

    /** Serial number and subject of what the client showed. */
    Optional<String> shown() {
        return trust.shown();
    }

    /** Why the handshake failed. */
    HandshakeFailure failure(Throwable cause) {
        return trust.rejected()
                .map(rejected -> new HandshakeFailure(rejected.code(), rejected.detail()))
                .or(() -> key.trouble().map(why -> new HandshakeFailure(Offence.HOST_TROUBLE.code(), why)))
                .orElseGet(() -> HandshakeFailure.of(cause));
    }
}
