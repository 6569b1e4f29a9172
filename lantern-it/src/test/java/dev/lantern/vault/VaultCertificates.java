package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority that exists for one test, and what it signed for a server on loopback. The JDK's own tool makes both. */
final class VaultCertificates {
    private static final String PASSWORD = "of no use to anybody";

    private final Path directory;
    private final KeyStore keys;

    private VaultCertificates(Path directory, KeyStore keys) {
        this.directory = directory;
        this.keys = keys;
    }

    static VaultCertificates in(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        keytool(file, "authority", "-ext", "bc:critical=ca:true", "-ext", "ku:critical=keyCertSign");
        keytool(file, "server", "-signer", "authority", "-ext", "san=ip:127.0.0.1", "-ext", "eku=serverAuth");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        VaultCertificates made = new VaultCertificates(directory, keys);
        pem(made.authority(), "CERTIFICATE", keys.getCertificate("authority").getEncoded());
        pem(made.certificate(), "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem(
                made.key(),
                "PRIVATE KEY",
                keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
        return made;
    }

    private static void keytool(Path file, String alias, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString(),
                "-alias",
                alias,
                "-dname",
                "CN=" + alias + " of a test"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("no certificate for " + alias + ": " + said);
        }
    }

    static void pem(Path file, String what, byte[] der) throws IOException {
        Files.writeString(file, pem(what, der));
    }

    static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    Path authority() {
        return directory.resolve("authority.pem");
    }

    Path certificate() {
        return directory.resolve("server.pem");
    }

    Path key() {
        return directory.resolve("server-key.pem");
    }

    /** Believes the authority and nobody else. */
    SSLContext context() throws GeneralSecurityException, IOException {
        KeyStore believed = KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        believed.setCertificateEntry("authority", keys.getCertificate("authority"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(believed);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
