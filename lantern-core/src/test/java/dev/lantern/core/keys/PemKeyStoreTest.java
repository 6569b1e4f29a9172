package dev.lantern.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.core.identity.StrictEd25519;
import dev.lantern.core.identity.VerificationKey;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemKeyStoreTest {
    private static final Duration WITHIN = Duration.ofSeconds(1);
    private static final byte[] MESSAGE = {1, 2, 3};
    /** RFC 8410, section 10.3 and 10.1. */
    private static final String PRIVATE = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """;

    private static final String PUBLIC = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PUBLIC KEY-----
            """;

    /** The key of RFC 8032, TEST 1. */
    private static final String OTHER = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
            -----END PUBLIC KEY-----
            """;

    @TempDir
    Path directory;

    @Test
    void private_key_signs_and_public_keys_are_trusted() {
        PemKeyStore store = PemKeyStore.of(PRIVATE + "\n" + OTHER);

        String signer = store.keys(WITHIN).stream()
                .filter(AuthorityKey::everSigns)
                .map(AuthorityKey::keyId)
                .findFirst()
                .orElseThrow();
        assertThat(store.keys(WITHIN))
                .extracting(AuthorityKey::keyId)
                .containsExactlyInAnyOrder(signer, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(store.keys(WITHIN))
                .allSatisfy(key -> assertThat(key.createdAt()).isEqualTo(Instant.EPOCH));
        byte[] signature = store.sign(signer, MESSAGE, WITHIN);
        VerificationKey verifying = VerificationKey.of(store.keys(WITHIN).stream()
                .filter(AuthorityKey::everSigns)
                .findFirst()
                .orElseThrow()
                .publicKey());
        assertThat(StrictEd25519.verify(verifying, MESSAGE, signature)).isTrue();
        assertThatThrownBy(() -> store.sign("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", MESSAGE, WITHIN))
                .hasMessage(
                        "signing with authority key \"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\": the one private"
                                + " key in this PEM is that of " + signer);
        store.close();
        assertThatThrownBy(() -> store.sign(signer, MESSAGE, WITHIN)).hasMessageContaining("is wiped");
        assertThat(store.toString()).isEqualTo("PemKeyStore[" + signer + " signs, of 2]");
    }

    @Test
    void public_half_is_that_of_rfc_8410() {
        assertThat(PemKeyStore.of(PRIVATE).keys(WITHIN).get(0).publicKey())
                .isEqualTo(java.util.HexFormat.of()
                        .parseHex("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"));
        assertThatThrownBy(() -> PemKeyStore.of(PRIVATE + PUBLIC)).hasMessageContaining("stands there twice");
    }

    @Test
    void line_ends_of_every_system_are_read() {
        assertThat(PemKeyStore.of(PRIVATE.replace("\n", "\r\n")).keys(WITHIN)).hasSize(1);
        assertThat(PemKeyStore.of(PRIVATE.replace("\n", "\r")).keys(WITHIN)).hasSize(1);
        assertThat(PemKeyStore.of(PRIVATE.stripTrailing()).keys(WITHIN)).hasSize(1);
    }

    @Test
    void what_the_jdk_makes_is_read_too() throws Exception {
        byte[] pkcs8 = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        assertThat(PemKeyStore.of(pem("PRIVATE KEY", pkcs8)).keys(WITHIN)).hasSize(1);
    }

    @Test
    void what_openssl_makes_is_read_too() throws Exception {
        Path file = directory.resolve("openssl.pem");
        try {
            Process made = new ProcessBuilder("openssl", "genpkey", "-algorithm", "ed25519", "-out", file.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(made.getInputStream().readAllBytes()).isNotNull();
            assertThat(made.waitFor()).isZero();
        } catch (IOException e) {
            System.out.println("openssl is not installed: its keys were NOT read");
            assumeTrue(false, "openssl is not installed: its keys were NOT read");
        }
        assertThat(PemKeyStore.of(file).keys(WITHIN)).hasSize(1);
    }

    @Test
    void everything_else_is_refused_by_name_and_not_shown() throws Exception {
        byte[] rsa = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        byte[] ec = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        byte[] x25519 = KeyPairGenerator.getInstance("X25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        byte[] ed448 = KeyPairGenerator.getInstance("Ed448")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        byte[] rsaPublic = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
        byte[] pkcs8 = Base64.getMimeDecoder().decode(PRIVATE.lines().toList().get(1));
        byte[] smallOrder = Base64.getDecoder().decode("MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("", "it holds no block PRIVATE KEY; make one with: openssl genpkey -algorithm ed25519");
        refused.put(PUBLIC, "it holds no block PRIVATE KEY");
        refused.put(PRIVATE + PRIVATE, "it holds two private keys");
        refused.put(pem("ENCRYPTED PRIVATE KEY", pkcs8), "it holds a block \"ENCRYPTED PRIVATE KEY\"");
        refused.put(pem("RSA PRIVATE KEY", rsa), "it holds a block \"RSA PRIVATE KEY\"");
        refused.put(pem("EC PRIVATE KEY", ec), "it holds a block \"EC PRIVATE KEY\"");
        refused.put(pem("OPENSSH PRIVATE KEY", pkcs8), "it holds a block \"OPENSSH PRIVATE KEY\"");
        refused.put(pem("CERTIFICATE", pkcs8), "it holds a block \"CERTIFICATE\"");
        refused.put(pem("private key", pkcs8), "it holds a block \"private key\"");
        refused.put(pem("PRIVATE KEY", rsa), "its private key is an RSA key");
        refused.put(pem("PRIVATE KEY", ec), "its private key is a key on a curve of the EC family");
        refused.put(pem("PRIVATE KEY", x25519), "its private key is an X25519 key, which cannot sign");
        refused.put(pem("PRIVATE KEY", ed448), "its private key is an Ed448 key");
        refused.put(pem("PRIVATE KEY", new byte[] {1, 2, 3}), "its private key is no PKCS#8");
        refused.put(pem("PRIVATE KEY", new byte[0]), "its private key is no PKCS#8");
        refused.put(pem("PRIVATE KEY", withAttributes(pkcs8)), "an Ed25519 key in another form than openssl's");
        refused.put(PRIVATE + pem("PUBLIC KEY", rsaPublic), "one of its public keys is an RSA key");
        refused.put(PRIVATE + pem("PUBLIC KEY", pkcs8), "one of its public keys is");
        refused.put(PRIVATE + pem("PUBLIC KEY", smallOrder), "point of prime order");
        refused.put(PRIVATE + OTHER + OTHER, "stands there twice");
        refused.put("key:\n" + PRIVATE, "line 1 stands outside of the blocks");
        refused.put(PRIVATE + "x", "line 4 stands outside of the blocks");
        refused.put(PRIVATE.replace("-----END PRIVATE KEY-----\n", ""), "its last block has no end: it was cut");
        refused.put(PRIVATE.replace("END PRIVATE", "END PUBLIC"), "line 3 is no begin and no end");
        refused.put(PRIVATE.replace("-----BEGIN PRIVATE KEY-----\n", ""), "line 1 stands outside");
        refused.put("-----END PRIVATE KEY-----\n", "line 1 is no begin");
        refused.put("-----BEGIN PRIVATE KEY-----\n" + PRIVATE, "line 2 is no begin");
        refused.put("-----BEGIN PRIVATE KEY----\n", "line 1 is no begin");
        refused.put(PRIVATE.replace("MC4C", "M%4C"), "the block \"PRIVATE KEY\" is no base64");
        refused.put(PRIVATE.replace("MC4C", "MC4"), "reading keys in PEM from a text: ");
        refused.put("\n".repeat(70_000), "it is larger than 65536 bytes");

        refused.forEach((text, says) -> assertThatThrownBy(() -> PemKeyStore.of(text))
                .as(says)
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(says)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("INTuctv5E1hK")));
        System.out.println("PEM: " + refused.size() + " texts refused by name");
        assertThat(refused).hasSizeGreaterThanOrEqualTo(31);
    }

    @Test
    void file_may_be_a_link_and_open_to_its_group_and_to_nobody_else() throws IOException {
        Path file = Files.writeString(directory.resolve("tls.key"), PRIVATE);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        for (String closed : List.of("rw-------", "r--r-----", "rw-r-----")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(closed));
            assertThat(PemKeyStore.of(link).keys(WITHIN)).hasSize(1);
        }
        for (String open : List.of("rw-r--r--", "rw-rw----", "rw-----w-", "rw------x")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> PemKeyStore.of(link))
                    .hasMessage("reading keys in PEM from " + link + ": it is open to others than its owner and group ("
                            + open + "): chmod 640 it, and take a new key if somebody may have read it");
        }
        assertThatThrownBy(() -> PemKeyStore.of(directory.resolve("missing")))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void external_signer_is_asked_for_the_keys_that_sign_and_for_no_other() {
        PemKeyStore elsewhere = PemKeyStore.of(PRIVATE);
        AuthorityKey key = elsewhere.keys(WITHIN).get(0);
        AuthorityKey trusted = AuthorityKey.trusted(
                Base64.getDecoder().decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="), Instant.EPOCH);
        ExternalKeyStore store = ExternalKeyStore.of(List.of(trusted, key), elsewhere::sign);

        assertThat(store.keys(WITHIN)).containsExactlyInAnyOrder(key, trusted);
        assertThat(store.sign(key.keyId(), MESSAGE, WITHIN)).isEqualTo(elsewhere.sign(key.keyId(), MESSAGE, WITHIN));
        assertThatThrownBy(() -> store.sign(trusted.keyId(), MESSAGE, WITHIN))
                .hasMessageContaining("none of this name signs");
        assertThatThrownBy(() -> store.sign("x", MESSAGE, WITHIN)).hasMessageContaining("none of this name signs here");
        assertThatThrownBy(() -> ExternalKeyStore.of(List.of(key, key), elsewhere::sign))
                .hasMessageContaining("stands there twice");
        store.close();
        assertThat(store.sign(key.keyId(), MESSAGE, WITHIN)).hasSize(64);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** PKCS#8 with an empty set of attributes behind the key. */
    private static byte[] withAttributes(byte[] pkcs8) {
        byte[] longer = java.util.Arrays.copyOf(pkcs8, pkcs8.length + 2);
        longer[1] = (byte) (longer[1] + 2);
        longer[pkcs8.length] = (byte) 0xa0;
        return longer;
    }
}
