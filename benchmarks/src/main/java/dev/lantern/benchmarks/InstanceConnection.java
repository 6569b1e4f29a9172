package dev.lantern.benchmarks;

import dev.lantern.agent.http.ClientConnection;
import dev.lantern.agent.http.Headers;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.WireCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * One instance's connection to the gateway: TLS 1.3, shown its certificate, believing its host's authority alone. Each has a
 * context of its own, so that no handshake is cut short by an earlier one. One thread at a time.
 */
final class InstanceConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpLimits LIMITS = HttpLimits.ofBody(WireCodec.MAX_REPLY_BYTES);
    private static final Headers HEADERS = Headers.none().with("Content-Type", WireCodec.MEDIA_TYPE);
    private static final char[] NO_PASSWORD = {};
    /** What stands before an Ed25519 seed in PKCS #8 (RFC 8410). */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final ClientConnection connection;

    private InstanceConnection(ClientConnection connection) {
        this.connection = connection;
    }

    /** Connects and shakes hands. */
    static InstanceConnection open(HostProcess host, CertifiedInstance instance)
            throws IOException, GeneralSecurityException {
        URI address = host.address();
        SSLSocket socket = (SSLSocket)
                context(host, instance).getSocketFactory().createSocket(address.getHost(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        return new InstanceConnection(new ClientConnection(socket, address.getAuthority(), LIMITS));
    }

    /** A call as it is sent, so that it can be made before the time is taken. */
    static HttpRequest request(GatewayCall call) {
        return new HttpRequest("POST", CallPath.of(call).toString(), HEADERS, WireCodec.write(call));
    }

    /** @throws IllegalStateException if it is answered with anything else than expected */
    void call(HttpRequest request, Class<? extends GatewayReply> expected) throws IOException {
        HttpResponse response = connection.exchange(request, PATIENCE);
        GatewayReply reply = WireCodec.readReply(response.status(), response.body());
        if (!expected.isInstance(reply)) {
            throw new IllegalStateException(request.target() + " was answered " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private static SSLContext context(HostProcess host, CertifiedInstance instance)
            throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(own(instance), NO_PASSWORD);
        KeyStore believed = empty();
        believed.setCertificateEntry("authority", host.authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(believed);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore own(CertifiedInstance instance) throws IOException, GeneralSecurityException {
        byte[] encoded = new byte[PKCS8.length + instance.seed().length];
        System.arraycopy(PKCS8, 0, encoded, 0, PKCS8.length);
        System.arraycopy(instance.seed(), 0, encoded, PKCS8.length, instance.seed().length);
        PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(instance.certificate()));
        KeyStore own = empty();
        own.setKeyEntry("own", key, NO_PASSWORD, new Certificate[] {certificate});
        return own;
    }

    /** Of the type whose entries cost nothing to make: PKCS #12 would take ten milliseconds for each. */
    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        return store;
    }
}
