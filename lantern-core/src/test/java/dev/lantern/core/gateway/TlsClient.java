package dev.lantern.core.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Shows what it is told to, and believes every server. */
final class TlsClient {
    private final SSLContext context;
    private final String version;

    private TlsClient(SSLContext context, String version) {
        this.context = context;
        this.version = version;
    }

    static TlsClient nobody() {
        return of("TLSv1.3");
    }

    static TlsClient nobody(String version) {
        return of(version);
    }

    static TlsClient showing(PrivateKey key, X509Certificate... chain) {
        return of("TLSv1.3", new Keys(key, chain));
    }

    private static TlsClient of(String version, KeyManager... keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new Everybody()}, null);
            return new TlsClient(context, version);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Connected, and its own half of the handshake done. */
    RawClient to(String address) throws IOException {
        return from("127.0.0.1", address);
    }

    /** @param from an address of this machine, as if it were another one's */
    RawClient from(String from, String address) throws IOException {
        URI uri = URI.create(address);
        Socket plain = new Socket(InetAddress.getByName(uri.getHost()), uri.getPort(), InetAddress.getByName(from), 0);
        return over(plain);
    }

    /** @param plain closed with the client, and if there is none */
    RawClient over(Socket plain) throws IOException {
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(20_000);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        socket.setEnabledProtocols(new String[] {version});
        try {
            socket.startHandshake();
            return RawClient.over(socket);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static final class Keys extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate[] chain;

        Keys(PrivateKey key, X509Certificate... chain) {
            this.key = key;
            this.chain = chain;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return List.of(keyTypes).contains(key.getAlgorithm()) ? "own" : null;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return "own";
        }
    }

    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
