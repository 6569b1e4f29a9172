package dev.lantern.core.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.core.turns.SystemNanos;
import dev.lantern.core.turns.SystemRandom;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets from OpenBao or HashiCorp Vault: the latest version of a KV (version 2) entry, or credentials that a dynamic engine
 * makes and ends again. Thread-safe.
 *
 * <pre>{@code
 * VaultSecretStore.at(URI.create("https://bao.example:8200"))
 *         .login("kubernetes", "lantern", Path.of("/var/run/secrets/lantern/bao-token"))
 *         .kv("secret", "lantern/{tenant}/{key}")
 *         .dynamic("database", "lantern/{tenant}/database/creds/app")
 *         .build()
 * }</pre>
 *
 * <p>The tenant is a segment of every path, so a policy can be written for each. A static value is the text of one field; a
 * dynamic secret is a JSON document of all that the engine answered, its members in the order of their names and without
 * blanks: {@code {"password":"…","username":"…"}}. Its time is what the engine's role grants, whatever was wanted; a renewal
 * asks for what is wanted.
 *
 * <p>The server ends dynamic secrets with the token that had them made: see {@code docs/secrets.md} about periodic tokens. A
 * path that is absent and one that is forbidden look the same to the caller; a log line tells the operator which it is.
 */
public final class VaultSecretStore implements SecretStore {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSecretStore.class);
    private static final Pattern LEASE_END = Pattern.compile("[A-Za-z0-9_-]{1,128}(?:\\.[A-Za-z0-9]{1,64})?");
    private static final List<String> ENDED = List.of("lease not found", "lease expired", "lease is not renewable");

    private final String name;
    private final VaultSession session;
    private final String kvMount;
    private final PathTemplate kvPath;
    private final String valueField;
    private final Map<String, PathTemplate> dynamic;
    private final Absences absences = new Absences(LOG::warn);
    private volatile boolean closed;

    private VaultSecretStore(Builder builder, VaultSession session) {
        this.name = "the Vault API at " + builder.address;
        this.session = session;
        this.kvMount = builder.kvMount;
        this.kvPath = builder.kvPath;
        this.valueField = builder.valueField;
        this.dynamic = new TreeMap<>(builder.dynamic);
    }

    /**
     * One at this address.
     *
     * @param address {@code https://host:port}; plain {@code http} on this machine's loopback alone
     * @throws LanternException if it is another
     */
    public static Builder at(URI address) {
        return new Builder(address);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
        VaultCall call = begin("issuing", place, within);
        PathTemplate path = dynamic.get(place.key());
        Optional<IssuedSecret> issued = path == null ? read(call, place, ttl) : made(call, place, path.of(place));
        issued.ifPresent(secret -> absences.present(place));
        return issued;
    }

    private Optional<IssuedSecret> read(VaultCall call, SecretPlace place, Duration ttl) {
        String path = kvMount + "/data/" + kvPath.of(place);
        Optional<JsonNode> found = found(call, place, VaultHttp.Question.get(path));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JsonNode data = found.get().path("data");
        JsonNode text = data.path("data").path(valueField);
        if (!text.isTextual() || text.textValue().isEmpty()) {
            absences.absent(place, name, path + " has no text in its field \"" + valueField + "\"");
            return Optional.empty();
        }
        JsonNode version = data.path("metadata").path("version");
        return Optional.of(new IssuedSecret(
                value(text.textValue().getBytes(StandardCharsets.UTF_8)),
                SecretMode.STATIC,
                Optional.empty(),
                ttl,
                version.isIntegralNumber() ? Optional.of(version.asText()) : Optional.empty()));
    }

    private Optional<IssuedSecret> made(VaultCall call, SecretPlace place, String path) {
        Optional<JsonNode> found = found(call, place, VaultHttp.Question.get(path));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JsonNode lease = found.get().path("lease_id");
        JsonNode seconds = found.get().path("lease_duration");
        JsonNode data = found.get().path("data");
        if (!isLease(lease.asText(""), path) || !isTime(seconds) || !data.isObject()) {
            throw call.failed(
                    "GET /v1/" + path + " answers no lease with a time under that path: it is no dynamic secret, or"
                            + " none that could be revoked; name the path of an engine's credentials");
        }
        return Optional.of(new IssuedSecret(
                value(VaultJson.sorted(data)),
                SecretMode.DYNAMIC,
                Optional.of(lease.textValue()),
                Duration.ofSeconds(seconds.longValue()),
                Optional.empty()));
    }

    private Optional<JsonNode> found(VaultCall call, SecretPlace place, VaultHttp.Question question) {
        VaultHttp.Reply reply = session.ask(call, question);
        if (reply.code() == 404) {
            absences.absent(place, name, "there is nothing at " + question + " (HTTP 404)");
            return Optional.empty();
        }
        if (reply.code() == 403) {
            absences.absent(place, name, "the token's policies do not allow " + question + " (HTTP 403)");
            return Optional.empty();
        }
        if (reply.code() != 200) {
            throw refused(call, question, reply);
        }
        return Optional.of(reply.read().orElseThrow(() -> call.failed(question + ": the answer is no JSON object")));
    }

    @Override
    public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
        VaultCall call = begin("renewing", place, within);
        if (isForeign(place, handle)) {
            return Optional.empty();
        }
        VaultHttp.Question question = VaultHttp.Question.post(
                "sys/leases/renew/" + handle, VaultJson.newObject().put("increment", Math.max(1, ttl.toSeconds())));
        VaultHttp.Reply reply = session.ask(call, question);
        if (reply.code() == 403) {
            absences.absent(place, name, "the token's policies do not allow " + question + " (HTTP 403)");
            return Optional.empty();
        }
        if (reply.code() == 404 || reply.code() == 204 || reply.code() == 400 && saysEnded(reply)) {
            return Optional.empty();
        }
        if (reply.code() != 200) {
            throw refused(call, question, reply);
        }
        // At the very end of a lease's longest life the answer is an empty success.
        return reply.read()
                .map(body -> body.path("lease_duration"))
                .filter(VaultSecretStore::isTime)
                .map(seconds -> Duration.ofSeconds(seconds.longValue()));
    }

    /**
     * Whether a lease has ended, cannot be renewed, or never was. With the same 400 the server says that an engine could not
     * renew, its database being away: only the text tells them apart, and one that is not known ends no secret.
     */
    private static boolean saysEnded(VaultHttp.Reply reply) {
        String text =
                reply.read().map(body -> body.path("errors").path(0).asText("")).orElse("");
        return ENDED.contains(text) || text.contains("past the max TTL");
    }

    @Override
    public void revoke(SecretPlace place, String handle, Duration within) {
        VaultCall call = begin("revoking", place, within);
        if (isForeign(place, handle)) {
            return;
        }
        // Without "sync" it would be queued, and still be valid when this returns.
        VaultHttp.Question question = VaultHttp.Question.post(
                "sys/leases/revoke/" + handle, VaultJson.newObject().put("sync", true));
        VaultHttp.Reply reply = session.ask(call, question);
        if (reply.code() == 403) {
            throw call.failed(
                    question + ": the token's policies do not allow it (HTTP 403), so the secret lives until its"
                            + " time is over; allow update on sys/leases/revoke/" + pathOf(place) + "/*");
        }
        if (!reply.isSuccess()) {
            throw refused(call, question, reply);
        }
    }

    /** Forgets the store's own token and does not revoke it: dynamic secrets would end with it. */
    @Override
    public void close() {
        closed = true;
        session.close();
    }

    @Override
    public String toString() {
        return "VaultSecretStore[" + name + "]";
    }

    private VaultCall begin(String verb, SecretPlace place, Duration within) {
        Asked asked = new Asked(verb, place, name);
        if (closed) {
            throw asked.closed();
        }
        return VaultCall.begin(asked, within, SystemNanos.source());
    }

    private boolean isForeign(SecretPlace place, String handle) {
        return !dynamic.containsKey(place.key()) || !isLease(handle, pathOf(place));
    }

    private String pathOf(SecretPlace place) {
        PathTemplate path = dynamic.get(place.key());
        return path == null ? "" : path.of(place);
    }

    /** Whether it can only be of a secret that was made at this path: the tenant stands in it. */
    private static boolean isLease(String id, String path) {
        return id.startsWith(path + "/")
                && LEASE_END.matcher(id.substring(path.length() + 1)).matches();
    }

    private static boolean isTime(JsonNode seconds) {
        return seconds.isIntegralNumber() && seconds.canConvertToInt() && seconds.intValue() > 0;
    }

    private static SecretValue value(byte[] bytes) {
        try {
            return SecretValue.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static LanternException refused(VaultCall call, VaultHttp.Question question, VaultHttp.Reply reply) {
        String why = reply.code() == 400
                ? ": the engine has no such role, or cannot reach what it works on; see the server's own log"
                : "; see the server's audit log";
        return call.failed(question + " was refused (HTTP " + reply.code() + ")" + why);
    }

    /** Says where the server is, who this is there, and where secrets stand. One thread. */
    public static final class Builder {
        private static final Duration CONNECT = Duration.ofSeconds(10);

        private final URI address;
        private final Map<String, PathTemplate> dynamic = new TreeMap<>();
        private @Nullable VaultLogin login;
        private String kvMount = "secret";
        private PathTemplate kvPath = PathTemplate.parse("the path of secrets", "lantern/{tenant}/{key}", true);
        private String valueField = "value";
        private Optional<String> namespace = Optional.empty();
        private Optional<Path> authorities = Optional.empty();
        private InstantSource clock = SystemInstants.source();

        private Builder(URI address) {
            this.address = checked(address);
        }

        private static URI checked(URI address) {
            String host = address.getHost() == null ? "" : address.getHost();
            boolean loopback = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
            boolean scheme = "https".equals(address.getScheme()) || "http".equals(address.getScheme()) && loopback;
            boolean bare = address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null
                    && ("".equals(address.getRawPath()) || "/".equals(address.getRawPath()));
            if (host.isEmpty() || !scheme || !bare) {
                // Not shown: people write credentials into addresses.
                throw new LanternException(
                        "the address of a Vault API is https://<host>:<port> and nothing behind it, or"
                                + " http:// on loopback; found another");
            }
            return address;
        }

        /** Uses this token, for development: nobody renews it, and when it has lapsed every call fails. */
        public Builder token(String token) {
            if (token.isEmpty() || !token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
                throw new LanternException(
                        "a token is printable ASCII without blanks, found something else (not shown)");
            }
            login = new VaultLogin.Given(token);
            return this;
        }

        /**
         * Logs in with a token that somebody else signed, by the auth method {@code kubernetes} or {@code jwt}: they are asked
         * alike.
         *
         * @param mount of the auth method, such as {@code kubernetes}
         * @param file a service account's projected token, of an audience of its own, or another JWT; read anew for each login
         */
        public Builder login(String mount, String role, Path file) {
            login = new VaultLogin.Signed(
                    PathTemplate.literal("the mount of the login", mount),
                    PathTemplate.literal("the role of the login", role),
                    Objects.requireNonNull(file, "file"));
            return this;
        }

        /** Where static values stand: {@code secret} and {@code lantern/{tenant}/{key}} unless said. */
        public Builder kv(String mount, String path) {
            kvMount = PathTemplate.literal("the mount of secrets", mount);
            kvPath = PathTemplate.parse("the path of secrets", path, true);
            return this;
        }

        /** The field of a KV entry that is the value; {@code value} unless said. */
        public Builder valueField(String field) {
            valueField = Objects.requireNonNull(field, "field");
            return this;
        }

        /**
         * Has a dynamic engine make the secrets of this key, for every tenant, by reading this path.
         *
         * @param path with {@code {tenant}} in it, such as {@code lantern/{tenant}/database/creds/app}
         */
        public Builder dynamic(String key, String path) {
            PathTemplate template = PathTemplate.parse("the path of dynamic secret \"" + key + "\"", path, false);
            dynamic.put(PathTemplate.literal("the key of a dynamic secret", key), template);
            return this;
        }

        /** The namespace that all paths are in. */
        public Builder namespace(String path) {
            namespace = Optional.of(PathTemplate.literal("the namespace", path));
            return this;
        }

        /** The authorities that may have signed the server's certificate, as PEM; the JVM's unless said. */
        public Builder authorities(Path pem) {
            authorities = Optional.of(pem);
            return this;
        }

        /** By which the store's own token ages; the system's unless said. */
        public Builder clock(InstantSource instants) {
            clock = Objects.requireNonNull(instants, "instants");
            return this;
        }

        /**
         * The store. The server need not answer for that: the first call logs in.
         *
         * @throws LanternException if there is no login, or the authorities cannot be read
         */
        public VaultSecretStore build() {
            if (login == null) {
                throw new LanternException("a store at " + address
                        + " needs .login(mount, role, file) or, for development, .token(token)");
            }
            HttpClient.Builder client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT);
            authorities.ifPresent(pem -> client.sslContext(Authorities.trusting(pem)));
            VaultHttp http = new VaultHttp(client.build(), address, namespace, SystemRandom.source());
            return new VaultSecretStore(this, new VaultSession(http, login, clock));
        }
    }
}
