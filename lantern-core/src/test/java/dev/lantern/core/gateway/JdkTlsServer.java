package dev.lantern.core.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server of the JDK as it comes, with its sessions and tickets; it shakes hands with everybody and says nothing. */
final class JdkTlsServer implements AutoCloseable {
    private final SSLServerSocket listening;
    private final AtomicInteger broken = new AtomicInteger();

    JdkTlsServer(String version, PrivateKey key, X509Certificate certificate)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        listening = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 8, InetAddress.getByName("127.0.0.1"));
        listening.setEnabledProtocols(new String[] {version});
        Thread accepting = new Thread(this::accept, "jdk-tls-server");
        accepting.setDaemon(true);
        accepting.start();
    }

    String address() {
        return "https://127.0.0.1:" + listening.getLocalPort();
    }

    /** How many connections came to no good end. */
    int broken() {
        return broken.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try (SSLSocket socket = (SSLSocket) listening.accept()) {
                socket.startHandshake();
                socket.getInputStream().readAllBytes();
            } catch (IOException theirs) {
                // A client that did not like this server, or the end of the test.
                broken.incrementAndGet();
            }
        }
    }
}
