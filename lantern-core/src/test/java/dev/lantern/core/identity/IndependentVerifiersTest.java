package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.lantern.identity.AuthorityKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we issue, in the hands of implementations that share no line with ours. */
class IndependentVerifiersTest {
    private static final String NOW = String.valueOf(Issued.NOW.getEpochSecond());

    @TempDir
    private Path work;

    private Issued issued;
    private IssuedCredentials credentials;
    private String jwks;
    /** Tokens that nobody may take, by what was done to them. */
    private final Map<String, String> broken = new TreeMap<>();

    /** What a process said. */
    record Ran(int status, String output) {}

    @BeforeEach
    void issueUnderOneOfThreeKeys() {
        Instant takesOver = Issued.NOW.plus(Duration.ofHours(1));
        issued = new Issued(Keys.one()
                .with(
                        TestSigner.RFC8032_TEST_1,
                        AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_1), Keys.MADE, Keys.MADE)
                                .retired(takesOver, takesOver.plus(Duration.ofHours(1))))
                .with(
                        TestSigner.RFC8032_TEST_2,
                        AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_2), Issued.NOW, takesOver))
                .with(Issued.INSTANCE, AuthorityKey.trusted(Keys.publicKey(Issued.INSTANCE), Instant.EPOCH)));
        credentials = issued.credentials();
        jwks = issued.authority.jwks();
        String[] parts = credentials.token().split("\\.");
        broken.put(
                "another payload", parts[0] + "." + encoded(text(parts[1]).replace("acme", "acne")) + "." + parts[2]);
        broken.put("alg none", encoded(text(parts[0]).replace("EdDSA", "none")) + "." + parts[1] + ".");
        broken.put("alg HS256", encoded(text(parts[0]).replace("EdDSA", "HS256")) + "." + parts[1] + "." + parts[2]);
        broken.put(
                "another kid",
                encoded(text(parts[0]).replace(Keys.id(TestSigner.RFC8032_TEST_1), Keys.id(TestSigner.RFC8032_TEST_2)))
                        + "." + parts[1] + "." + parts[2]);
        broken.put(
                "signature cut",
                credentials.token().substring(0, credentials.token().length() - 2));
    }

    @Test
    void path_validation_of_the_jdk_accepts_an_instance_and_a_gateway_under_every_pinned_key() throws Exception {
        X509Certificate instance = certificate(credentials.certificate());
        Set<TrustAnchor> pinned = anchors(credentials.authorities());

        assertThat(pinned).hasSize(3);
        validate(List.of(instance), pinned, Issued.NOW);
        GatewayCredentials gateway = issued.authority.gateway(Issued.WITHIN);
        validate(gateway.chain().subList(0, 1), pinned, Issued.NOW);
        assertThat(instance.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(instance.getKeyUsage()).startsWith(true, false);
        assertThat(instance.getSubjectAlternativeNames()).containsExactly(List.of(6, Issued.ID.toString()));
        // The certificate of a key whose private half is here is signed by itself; of the other one, by nobody.
        certificate(credentials.authorities().get(1))
                .verify(certificate(credentials.authorities().get(1)).getPublicKey());
    }

    @Test
    void path_validation_of_the_jdk_refuses_what_we_refuse() throws Exception {
        X509Certificate instance = certificate(credentials.certificate());
        Set<TrustAnchor> pinned = anchors(credentials.authorities());
        Set<TrustAnchor> others = anchors(new Issued(new Keys()
                        .with(
                                TestSigner.RFC8032_TEST_2,
                                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_2), Keys.MADE, Keys.MADE)))
                .authority.authorities(Issued.WITHIN));

        assertThatThrownBy(() -> validate(List.of(instance), others, Issued.NOW))
                .isInstanceOf(CertPathValidatorException.class);
        assertThatThrownBy(() -> validate(
                        List.of(instance), pinned, credentials.notAfter().plusSeconds(1)))
                .isInstanceOf(CertPathValidatorException.class);
        assertThatThrownBy(() -> validate(List.of(instance, instance), pinned, Issued.NOW))
                .as("an instance is no authority")
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void openssl_accepts_an_instance_as_a_client_and_a_gateway_as_a_server_strictly() throws Exception {
        requireInstalled("openssl", "openssl", "version");
        Path authorities = pem("authorities.pem", credentials.authorities());
        Path instance = pem("instance.pem", List.of(credentials.certificate()));
        Path gateway = pem(
                "gateway.pem",
                List.of(issued.authority.gateway(Issued.WITHIN).chain().get(0).getEncoded()));

        assertThat(openssl(authorities, "sslclient", NOW, instance).output()).endsWith("instance.pem: OK\n");
        assertThat(openssl(authorities, "sslserver", NOW, gateway).output()).endsWith("gateway.pem: OK\n");
        assertThat(openssl(authorities, "sslserver", NOW, instance).status()).isNotZero();
        assertThat(openssl(authorities, "sslclient", NOW, gateway).status()).isNotZero();
        String late = String.valueOf(credentials.notAfter().getEpochSecond() + 1);
        assertThat(openssl(authorities, "sslclient", late, instance).output()).contains("certificate has expired");
        Path others = pem("others.pem", credentials.authorities().subList(0, 1));
        assertThat(openssl(others, "sslclient", NOW, instance).status()).isNotZero();
    }

    @Test
    void jose4j_takes_the_token_and_refuses_every_broken_one() throws Exception {
        JwtConsumer consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(new JsonWebKeySet(jwks).getJsonWebKeys()))
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "EdDSA"))
                .setExpectedType(true, "wit+jwt")
                .setExpectedIssuer("lantern:lantern.example")
                .setEvaluationTime(NumericDate.fromSeconds(Issued.NOW.getEpochSecond()))
                .setRequireExpirationTime()
                .setRequireNotBefore()
                .setRequireSubject()
                .build();

        assertThat(consumer.processToClaims(credentials.token()).getSubject()).isEqualTo(Issued.ID.toString());
        broken.forEach((what, token) ->
                assertThatThrownBy(() -> consumer.process(token)).as(what).isInstanceOf(InvalidJwtException.class));
    }

    @Test
    void nimbus_takes_the_token_and_refuses_every_broken_one() throws Exception {
        SignedJWT token = SignedJWT.parse(credentials.token());

        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.EdDSA);
        assertThat(token.getHeader().getType().getType()).isEqualTo("wit+jwt");
        assertThat(token.verify(nimbus(token))).isTrue();
        assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant()).isEqualTo(credentials.notAfter());
        OctetKeyPair confirmed = OctetKeyPair.parse(JSONObjectUtils.getJSONObject(
                JSONObjectUtils.parse(
                        JSONObjectUtils.toJSONString(token.getJWTClaimsSet().getJSONObjectClaim("cnf"))),
                "jwk"));
        assertThat(confirmed.getDecodedX()).isEqualTo(Issued.INSTANCE.key().bytes());
        assertThat(confirmed.computeThumbprint().toString()).isEqualTo(Keys.id(Issued.INSTANCE));
        broken.forEach(
                (what, text) -> assertThat(isTakenByNimbus(text)).as(what).isFalse());
    }

    @Test
    void key_set_is_read_by_others_with_the_ids_that_they_compute() throws Exception {
        List<OctetKeyPair> keys = JWKSet.parse(jwks).getKeys().stream()
                .map(OctetKeyPair.class::cast)
                .toList();

        assertThat(keys).hasSize(3).allSatisfy(key -> {
            assertThat(key.computeThumbprint().toString()).isEqualTo(key.getKeyID());
            assertThat(key.isPrivate()).isFalse();
        });
    }

    @Test
    void pyjwt_takes_the_token_and_refuses_every_broken_one() throws Exception {
        String python = List.of("python3", "/usr/bin/python3").stream()
                .filter(candidate -> isInstalled(candidate, "-c", "import jwt, cryptography"))
                .findFirst()
                .orElse("");
        require("PyJWT", !python.isEmpty());
        theirs(List.of(python, "-B", script("verify_token.py")), Map.of());
    }

    @Test
    void jose_of_node_takes_the_token_and_refuses_every_broken_one() throws Exception {
        require("node", isInstalled("node", "--version"));
        require("npm", isInstalled("npm", "--version"));
        Map<String, String> modules = Map.of(
                "NODE_PATH",
                run(List.of("npm", "root", "-g"), "", Map.of()).output().strip());
        require(
                "jose for node",
                run(List.of("node", "-e", "require('jose')"), "", modules).status() == 0);
        theirs(List.of("node", "--no-warnings", script("verify_token.cjs")), modules);
    }

    private void theirs(List<String> command, Map<String, String> environment) throws Exception {
        Path published = Files.writeString(work.resolve("jwks.json"), jwks);
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of(published.toString(), "lantern.example", NOW));
        Ran right = run(arguments, credentials.token(), environment);
        assertThat(right.output()).contains(Issued.ID.toString());
        assertThat(right.status()).isZero();
        for (Map.Entry<String, String> one : broken.entrySet()) {
            Ran ran = run(arguments, one.getValue(), environment);
            assertThat(ran.output()).as(one.getKey()).contains("refused: ").doesNotContain(Issued.ID.toString());
            assertThat(ran.status()).as(one.getKey()).isEqualTo(1);
        }
        arguments.set(
                arguments.size() - 1, String.valueOf(credentials.notAfter().getEpochSecond()));
        assertThat(run(arguments, credentials.token(), environment).output()).contains("refused: ");
        arguments.set(arguments.size() - 1, NOW);
        arguments.set(arguments.size() - 2, "other.example");
        assertThat(run(arguments, credentials.token(), environment).output()).contains("refused: ");
        System.out.println("tokens: " + command + " agrees on " + (broken.size() + 3) + " tokens");
    }

    private Ran openssl(Path authorities, String purpose, String at, Path certificate) throws Exception {
        return run(
                List.of(
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        purpose,
                        "-attime",
                        at,
                        "-CAfile",
                        authorities.toString(),
                        certificate.toString()),
                "",
                Map.of());
    }

    private static String script(String name) {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("docs/identity").resolve(name))) {
            directory = Optional.ofNullable(directory.getParent()).orElseThrow();
        }
        return directory.resolve("docs/identity").resolve(name).toString();
    }

    private static void requireInstalled(String what, String... command) {
        require(what, isInstalled(command));
    }

    private static void require(String what, boolean installed) {
        if (!installed) {
            System.out.println(what + " is not installed: what we issue was NOT shown to it");
        }
        assumeTrue(installed, what + " is not installed: what we issue was NOT shown to it");
    }

    private static boolean isInstalled(String... command) {
        try {
            return run(List.of(command), "", Map.of()).status() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Ran run(List<String> command, String input, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.US_ASCII));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output.replace("\r\n", "\n"));
    }

    private Ed25519Verifier nimbus(JWSObject token) throws Exception {
        String keyId = token.getHeader().getKeyID();
        return new Ed25519Verifier((OctetKeyPair) JWKSet.parse(jwks).getKeyByKeyId(keyId));
    }

    private boolean isTakenByNimbus(String text) {
        try {
            JWSObject token = JWSObject.parse(text);
            return token.verify(nimbus(token));
        } catch (Exception e) {
            // Parsing and verifying throw of several kinds; each of them is a no.
            return false;
        }
    }

    private static void validate(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant at) throws Exception {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }

    private static Set<TrustAnchor> anchors(List<byte[]> authorities) {
        return authorities.stream()
                .map(der -> new TrustAnchor(certificate(der), null))
                .collect(Collectors.toSet());
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (java.security.cert.CertificateException e) {
            throw new AssertionError(e);
        }
    }

    private Path pem(String name, List<byte[]> certificates) throws IOException {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder text = new StringBuilder();
        for (byte[] der : certificates) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(lines.encodeToString(der))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return Files.writeString(work.resolve(name), text);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
