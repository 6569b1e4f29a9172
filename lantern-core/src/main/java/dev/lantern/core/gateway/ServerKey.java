package dev.lantern.core.gateway;

import dev.lantern.value.LanternException;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's identity as one handshake shows it: asked for once, so that key and certificate are of one piece also when a
 * new one comes in between. One handshake's.
 */
final class ServerKey extends X509ExtendedKeyManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServerKey.class);
    private static final String ALIAS = "gateway";

    private final DoorCredentials credentials;
    private volatile @Nullable DoorIdentity identity;
    private volatile @Nullable String trouble;

    ServerKey(DoorCredentials credentials) {
        this.credentials = credentials;
    }

    /** Why there was no identity to show, if that was so. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        if (!keyType.equals(DoorIdentity.ALGORITHM)) {
            return null;
        }
        try {
            identity = credentials.current();
            return ALIAS;
        } catch (RuntimeException e) {
            LOG.error("the gateway has no certificate to show, so nobody can connect", e);
            trouble =
                    e instanceof LanternException ? String.valueOf(e.getMessage()) : "the host has no certificate now";
            return null;
        }
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        DoorIdentity shown = identity;
        return shown == null ? null : shown.key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        DoorIdentity shown = identity;
        return shown == null ? null : shown.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
