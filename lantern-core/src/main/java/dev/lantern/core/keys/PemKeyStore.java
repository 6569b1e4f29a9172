package dev.lantern.core.keys;

import dev.lantern.core.identity.RawKeys;
import dev.lantern.core.identity.TrustedKeys;
import dev.lantern.core.identity.VerificationKey;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.identity.KeyStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Keys that somebody else makes, keeps and changes, in PEM: one private key that signs ({@code PRIVATE KEY}, as
 * {@code openssl genpkey -algorithm ed25519} writes it), and any number of public keys that are trusted besides
 * ({@code PUBLIC KEY}, as {@code openssl pkey -pubout} writes it).
 *
 * <p>To change the key without a gap: add the new public key everywhere; when every instance has renewed its certificate,
 * exchange the private key and let the former public key stand; take that one out when its last certificate has ended.
 * Read once. Thread-safe.
 */
public final class PemKeyStore implements KeyStore {
    private static final int MAX_BYTES = 64 * 1024;
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final String MAKE = "make one with: openssl genpkey -algorithm ed25519";

    /** PEM says nothing of times, and every host has to say the same. */
    private static final Instant ALWAYS = Instant.EPOCH;

    private final List<AuthorityKey> keys;
    private final Seed seed;
    private final String signer;

    private PemKeyStore(Seed seed, List<byte[]> trusted) {
        AuthorityKey signing = AuthorityKey.of(seed.publicKey(), ALWAYS, ALWAYS);
        List<AuthorityKey> all = new ArrayList<>(List.of(signing));
        trusted.forEach(key -> all.add(AuthorityKey.trusted(key, ALWAYS)));
        this.keys = List.copyOf(TrustedKeys.inOrder(all));
        this.seed = seed;
        this.signer = signing.keyId();
    }

    /**
     * Reads a file. It may be a link and may be open to its group, as mounted secrets are, and to nobody else.
     *
     * @throws LanternException if it is missing, open to others, or holds anything but the keys above
     */
    public static PemKeyStore of(Path file) {
        byte[] text = new byte[0];
        try {
            requireClosed(file);
            try (InputStream in = Files.newInputStream(file)) {
                text = in.readNBytes(MAX_BYTES + 1);
            }
            return read(text, file.toString());
        } catch (IOException e) {
            throw new LanternException("reading keys in PEM from " + file + ": " + e, e);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /**
     * Reads a text, which the caller cannot wipe: for keys that only exist as strings.
     *
     * @throws LanternException if it holds anything but the keys above
     */
    public static PemKeyStore of(String pem) {
        byte[] text = pem.getBytes(StandardCharsets.UTF_8);
        try {
            return read(text, "a text");
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    @Override
    public List<AuthorityKey> keys(Duration within) {
        return keys;
    }

    @Override
    public byte[] sign(String keyId, byte[] message, Duration within) {
        if (!keyId.equals(signer)) {
            throw new LanternException("signing with authority key " + Quoted.name(keyId)
                    + ": the one private key in this PEM is that of " + signer);
        }
        return seed.sign(message);
    }

    /** Wipes the private key. Idempotent. */
    @Override
    public void close() {
        seed.close();
    }

    @Override
    public String toString() {
        return "PemKeyStore[" + signer + " signs, of " + keys.size() + "]";
    }

    private static PemKeyStore read(byte[] text, String source) {
        if (text.length > MAX_BYTES) {
            throw refused(source, "it is larger than " + MAX_BYTES + " bytes");
        }
        List<Pem> blocks = Pem.blocks(text, source);
        Optional<Seed> seed = Optional.empty();
        List<byte[]> trusted = new ArrayList<>();
        try {
            for (Pem block : blocks) {
                switch (block.label()) {
                    case PRIVATE -> {
                        if (seed.isPresent()) {
                            throw refused(
                                    source,
                                    "it holds two private keys; one signs, and of others the public half"
                                            + " is enough");
                        }
                        seed = Optional.of(privateKey(block.der(), source));
                    }
                    case PUBLIC -> trusted.add(publicKey(block.der(), source));
                    default ->
                        throw refused(
                                source,
                                "it holds a block " + Quoted.name(block.label()) + "; allowed are one " + PRIVATE
                                        + " and any number of " + PUBLIC + "; " + MAKE);
                }
            }
            return new PemKeyStore(
                    seed.orElseThrow(() -> refused(source, "it holds no block " + PRIVATE + "; " + MAKE)), trusted);
        } catch (LanternException e) {
            seed.ifPresent(Seed::close);
            throw e;
        } finally {
            blocks.forEach(block -> Arrays.fill(block.der(), (byte) 0));
        }
    }

    private static Seed privateKey(byte[] der, String source) {
        byte[] bytes = RawKeys.seed(der)
                .orElseThrow(() -> refused(source, "its private key is " + kindOfPrivate(der) + "; " + MAKE));
        try {
            return Seed.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static byte[] publicKey(byte[] der, String source) {
        byte[] bytes = RawKeys.publicKey(der)
                .orElseThrow(() -> refused(
                        source, "one of its public keys is " + kindOfPublic(der) + "; allowed is Ed25519 (RFC 8410)"));
        try {
            return VerificationKey.of(bytes).bytes();
        } catch (LanternException e) {
            throw refused(source, e.getMessage());
        }
    }

    private static String kindOfPrivate(byte[] der) {
        try {
            return kind(PrivateKeyInfo.getInstance(der)
                    .getPrivateKeyAlgorithm()
                    .getAlgorithm()
                    .getId());
        } catch (RuntimeException e) {
            return "no PKCS#8";
        }
    }

    private static String kindOfPublic(byte[] der) {
        try {
            return kind(SubjectPublicKeyInfo.getInstance(der)
                    .getAlgorithm()
                    .getAlgorithm()
                    .getId());
        } catch (RuntimeException e) {
            return "no SubjectPublicKeyInfo";
        }
    }

    private static String kind(String algorithm) {
        return switch (algorithm) {
            case "1.3.101.112" -> "an Ed25519 key in another form than openssl's";
            case "1.3.101.110" -> "an X25519 key, which cannot sign";
            case "1.3.101.113" -> "an Ed448 key";
            case "1.2.840.113549.1.1.1" -> "an RSA key";
            case "1.2.840.10045.2.1" -> "a key on a curve of the EC family";
            default -> "a key for algorithm " + algorithm;
        };
    }

    private static void requireClosed(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> found = EnumSet.noneOf(PosixFilePermission.class);
        found.addAll(Files.getPosixFilePermissions(file));
        found.removeAll(PosixFilePermissions.fromString("rwxr-x---"));
        if (!found.isEmpty()) {
            throw refused(
                    file.toString(),
                    "it is open to others than its owner and group ("
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                            + "): chmod 640 it, and take a new key if somebody may have read it");
        }
    }

    private static LanternException refused(String source, String how) {
        return new LanternException("reading keys in PEM from " + source + ": " + how);
    }
}
