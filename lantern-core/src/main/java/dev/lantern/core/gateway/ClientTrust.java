package dev.lantern.core.gateway;

import dev.lantern.value.LanternException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the door's credentials about the certificate that a client shows, and keeps the answer. One handshake's.
 *
 * <p>A client learns that its certificate was not taken, and never why: whatever is wrong ends in the same alert.
 */
final class ClientTrust extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTrust.class);
    private static final int LONGEST_CHAIN = 4;

    /** An Ed25519 SubjectPublicKeyInfo (RFC 8410) is this and the raw key. */
    private static final byte[] SPKI_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    private final DoorCredentials credentials;
    private volatile @Nullable PeerVerdict verdict;
    private volatile @Nullable String shown;

    ClientTrust(DoorCredentials credentials) {
        this.credentials = credentials;
    }

    Optional<PeerIdentity> certified() {
        return verdict instanceof PeerVerdict.Certified certified ? Optional.of(certified.peer()) : Optional.empty();
    }

    Optional<PeerVerdict.Rejected> rejected() {
        return verdict instanceof PeerVerdict.Rejected rejected ? Optional.of(rejected) : Optional.empty();
    }

    /** Serial number and subject of the certificate, in the client's own words. */
    Optional<String> shown() {
        return Optional.ofNullable(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        shown = "serial " + chain[0].getSerialNumber().toString(16) + ", "
                + chain[0].getSubjectX500Principal().getName();
        PeerVerdict found = verdict(chain);
        verdict = found;
        if (found instanceof PeerVerdict.Rejected) {
            throw new CertificateException("the client's certificate is not accepted");
        }
    }

    private PeerVerdict verdict(X509Certificate[] chain) throws CertificateException {
        if (chain.length > LONGEST_CHAIN) {
            return new PeerVerdict.Rejected(
                    "chain-length", "a client shows at most " + LONGEST_CHAIN + " certificates, found " + chain.length);
        }
        Optional<String> key = rawKey(chain[0].getPublicKey().getEncoded());
        if (key.isEmpty()) {
            return new PeerVerdict.Rejected(
                    "key",
                    "a client's key is Ed25519, found "
                            + chain[0].getPublicKey().getAlgorithm());
        }
        List<byte[]> der = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            der.add(certificate.getEncoded());
        }
        PeerVerdict judged = judged(der);
        if (judged instanceof PeerVerdict.Certified certified
                && !certified.peer().publicKeyHex().equals(key.get())) {
            // The JDK and the verifier read two keys out of one certificate.
            return new PeerVerdict.Rejected("key", "the key that was certified is not the connection's");
        }
        return judged;
    }

    private PeerVerdict judged(List<byte[]> der) {
        try {
            return credentials.verify(der);
        } catch (RuntimeException e) {
            LOG.error("a client's certificate could not be verified, so it is not accepted", e);
            String why = e instanceof LanternException ? String.valueOf(e.getMessage()) : "the verifier failed";
            return new PeerVerdict.Rejected(Offence.HOST_TROUBLE.code(), why);
        }
    }

    private static Optional<String> rawKey(byte @Nullable [] spki) {
        return spki != null
                        && spki.length == SPKI_HEAD.length + 32
                        && Arrays.equals(spki, 0, SPKI_HEAD.length, SPKI_HEAD, 0, SPKI_HEAD.length)
                ? Optional.of(HexFormat.of().formatHex(spki, SPKI_HEAD.length, spki.length))
                : Optional.empty();
    }

    /** Empty: a client shows what it has, and who could have issued it is no stranger's business. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        throw notAServer();
    }

    private static CertificateException notAServer() {
        return new CertificateException("the gateway judges clients, in handshakes of its own engines");
    }
}
