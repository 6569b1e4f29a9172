package dev.lantern.vault;

import dev.lantern.core.secrets.VaultSecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server as {@code docs/secrets.md} wants it: a KV engine at {@code secret}, an engine of credentials for each of two tenants
 * over one database, and a login whose role has the policy that stands on that page, and nothing beside it.
 */
final class RealVault implements AutoCloseable {
    static final List<String> TENANTS = List.of("acme", "umbrella");

    private static final Pattern POLICY = Pattern.compile("```hcl\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REVOCATION = Pattern.compile("```text\n(SELECT pg_terminate.*?)```", Pattern.DOTALL);
    private static final Duration TOKEN_PERIOD = Duration.ofHours(1);

    private final VaultServer server;
    private final VaultDatabase database;
    private final TokenIssuer issuer;
    private final Path token;

    private RealVault(VaultServer server, VaultDatabase database, TokenIssuer issuer, Path token) {
        this.server = server;
        this.database = database;
        this.issuer = issuer;
        this.token = token;
    }

    static RealVault start(Path directory) throws Exception {
        VaultDatabase database = VaultDatabase.start(directory);
        VaultServer server;
        try {
            server = VaultServer.start(VaultIsNamed.program().orElseThrow(), directory.resolve("vault"));
        } catch (Exception | AssertionError e) {
            database.close();
            throw e;
        }
        RealVault vault = new RealVault(server, database, TokenIssuer.generated(), directory.resolve("token"));
        try {
            vault.engines();
            vault.roles();
            return vault;
        } catch (Exception | AssertionError e) {
            vault.close();
            throw e;
        }
    }

    private void engines() {
        server.must("POST", "sys/mounts/secret", Map.of("type", "kv", "options", Map.of("version", "2")));
        for (String tenant : TENANTS) {
            String mount = "lantern/" + tenant + "/database";
            server.must("POST", "sys/mounts/" + mount, Map.of("type", "database"));
            server.must(
                    "POST",
                    mount + "/config/main",
                    Map.of(
                            "plugin_name", "postgresql-database-plugin",
                            "connection_url", database.url(),
                            "allowed_roles", "*",
                            "username", "keeper",
                            "password", "kept"));
        }
    }

    private void roles() throws Exception {
        server.must("POST", "sys/auth/jwt", Map.of("type", "jwt"));
        server.must("POST", "auth/jwt/config", Map.of("jwt_validation_pubkeys", List.of(issuer.publicKey())));
        policy(policyOfThePage());
        role(Map.of("token_period", TOKEN_PERIOD.toSeconds()));
    }

    /** The policy that {@code docs/secrets.md} prints. */
    static String policyOfThePage() throws IOException {
        return onThePage(POLICY);
    }

    /** The statements that end a user's connections, as that page prints them. */
    static String revocationOfThePage() throws IOException {
        return onThePage(REVOCATION);
    }

    private static String onThePage(Pattern block) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("CHANGELOG.md"))) {
            root = root.getParent();
        }
        Matcher blocks = block.matcher(Files.readString(root.resolve("docs/secrets.md")));
        if (!blocks.find()) {
            throw new IllegalStateException("docs/secrets.md shows no block " + block);
        }
        String found = blocks.group(1);
        if (blocks.find()) {
            throw new IllegalStateException("docs/secrets.md shows more than one block " + block);
        }
        return found;
    }

    void policy(String hcl) {
        server.must("PUT", "sys/policies/acl/lantern", Map.of("policy", hcl));
    }

    /** Sets the role that Lantern logs in as, with these times of its tokens, and no others. */
    void role(Map<String, ?> times) {
        Map<String, Object> role = new LinkedHashMap<>(times);
        role.put("role_type", "jwt");
        role.put("user_claim", "sub");
        role.put("bound_audiences", TokenIssuer.AUDIENCE);
        role.put("token_policies", "lantern");
        server.ask("DELETE", "auth/jwt/role/lantern", Map.of());
        server.must("POST", "auth/jwt/role/lantern", role);
    }

    /** Has every tenant's engine make users of the database that live so long. */
    void credentials(Duration life, Duration longest) {
        for (String tenant : TENANTS) {
            credentials(tenant, life, longest, Map.of());
        }
    }

    void credentials(String tenant, Duration life, Duration longest, Map<String, ?> more) {
        Map<String, Object> role = new LinkedHashMap<>(more);
        role.put("db_name", "main");
        role.put(
                "creation_statements",
                "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'");
        role.put("default_ttl", life.toSeconds());
        role.put("max_ttl", longest.toSeconds());
        server.must("POST", "lantern/" + tenant + "/database/roles/app", role);
    }

    /** Takes every entry, credential and token away. */
    void empty() {
        for (String tenant : TENANTS) {
            server.must("PUT", "sys/leases/revoke-prefix/lantern/" + tenant + "/database", Map.of());
            for (var key : server.ask("LIST", "secret/metadata/lantern/" + tenant, Map.of())
                    .data()
                    .path("keys")) {
                server.must("DELETE", "secret/metadata/lantern/" + tenant + "/" + key.asText(), Map.of());
            }
        }
        server.revokeTokens();
    }

    void put(String tenant, String key, Map<String, ?> fields) {
        server.must("POST", "secret/data/lantern/" + tenant + "/" + key, Map.of("data", fields));
    }

    void put(String tenant, String key, String value) {
        put(tenant, key, Map.of("value", value));
    }

    void delete(String tenant, String key) {
        server.must("DELETE", "secret/data/lantern/" + tenant + "/" + key, Map.of());
    }

    /** One that logs in with a token which was signed just now. */
    VaultSecretStore.Builder store() throws Exception {
        Files.writeString(token, issuer.token(TokenIssuer.AUDIENCE, Duration.ofMinutes(10)));
        return unsigned();
    }

    /** One that logs in with whatever stands in {@link #token}. */
    VaultSecretStore.Builder unsigned() {
        return VaultSecretStore.at(server.address())
                .authorities(server.authorities())
                .login("jwt", "lantern", token)
                .dynamic("database", "lantern/{tenant}/database/creds/app");
    }

    /** The file with the token that the store logs in with. */
    Path token() {
        return token;
    }

    TokenIssuer issuer() {
        return issuer;
    }

    VaultServer server() {
        return server;
    }

    VaultDatabase database() {
        return database;
    }

    long logins() {
        return server.asked("update", "auth/jwt/login");
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
