package dev.lantern.testkit.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The part of the HTTP API of OpenBao and Vault that a store of secrets sees, on loopback: logins and tokens with their lives
 * and policies, a KV engine of version 2 at {@code secret}, engines that make credentials, and leases, which end with the
 * token that had them made. Written from the public API documentation. Thread-safe; time moves by hand.
 *
 * <pre>{@code
 * try (FakeVault vault = FakeVault.start()) {
 *     vault.role("kubernetes", "lantern", "a signed token", Duration.ofHours(1), "secret/data/lantern/");
 *     vault.put("lantern/acme/api-key", "{\"value\":\"s3cret\"}");
 * }
 * }</pre>
 */
public final class FakeVault implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KV = "secret/data/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Role> roles = new TreeMap<>();
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final Map<String, List<Optional<JsonNode>>> entries = new TreeMap<>();
    private final Map<String, Optional<Engine>> engines = new TreeMap<>();
    private final Map<String, Lease> leases = new LinkedHashMap<>();
    private final Deque<Answer> scripted = new ArrayDeque<>();
    private final List<Seen> seen = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private int numbers;
    private boolean sealed;
    private boolean away;

    private FakeVault(HttpServer server) {
        this.server = server;
    }

    /**
     * A request that came.
     *
     * @param path with the leading {@code /v1/}
     * @param headers by their names in small letters; the first of each
     */
    public record Seen(String method, String path, Map<String, String> headers) {}

    /**
     * What is answered instead of what would be.
     *
     * @param code of HTTP; 0 to answer never
     */
    public record Answer(int code, String body, Map<String, String> headers) {
        /** One without a body. */
        public static Answer of(int code) {
            return new Answer(code, "{\"errors\":[\"canary-in-an-error\"]}", Map.of());
        }

        /** None, for as long as the fake lives. */
        public static Answer never() {
            return new Answer(0, "", Map.of());
        }
    }

    private record Role(String jwt, Duration life, Duration longest, List<String> allowed) {}

    private record Token(Duration life, Instant until, Instant last, List<String> allowed) {}

    private record Engine(Duration life, Duration longest, IntFunction<String> data) {}

    private record Lease(String token, Duration life, Instant until, Instant last) {}

    /** One without tokens, entries and engines, unsealed. */
    public static FakeVault start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            FakeVault vault = new FakeVault(server);
            server.setExecutor(vault.threads);
            server.createContext("/", vault::handle);
            server.start();
            return vault;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The fake's time. */
    public InstantSource clock() {
        return this::now;
    }

    private synchronized Instant now() {
        return now;
    }

    /** Lets time pass; what lapses by then is gone. */
    public synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    /**
     * Lets whoever has this token log in. Its tokens live that long, and twice that with renewals.
     *
     * @param allowed beginnings of paths
     */
    public synchronized void role(String mount, String name, String jwt, Duration life, String... allowed) {
        roles.put(mount + "/" + name, new Role(jwt, life, life.multipliedBy(2), List.of(allowed)));
    }

    /** A token without end that may use paths that begin so. */
    public synchronized String token(String... allowed) {
        return granted(Duration.ZERO, Instant.MAX, List.of(allowed));
    }

    /** Revokes every token, and what was issued with them. */
    public synchronized void revokeTokens() {
        tokens.clear();
    }

    /** Puts a version into the KV engine. */
    public synchronized void put(String path, String data) {
        entries.computeIfAbsent(path, absent -> new ArrayList<>()).add(Optional.of(parsed(data.getBytes(UTF_8))));
    }

    /** Deletes the latest version, if there is one: the engine remembers its number, and counts on from there. */
    public synchronized void delete(String path) {
        List<Optional<JsonNode>> versions = entries.getOrDefault(path, List.of());
        if (!versions.isEmpty()) {
            versions.set(versions.size() - 1, Optional.empty());
        }
    }

    /** Makes credentials for whoever reads this path, such as {@code lantern/acme/database/creds/app}. */
    public synchronized void engine(String path, Duration life, Duration longest, IntFunction<String> data) {
        engines.put(path, Optional.of(new Engine(life, longest, data)));
    }

    /** Makes no more credentials there; the engine is still mounted. */
    public synchronized void forget(String path) {
        engines.put(path, Optional.empty());
    }

    /** Lets no engine make, renew or end anything from now on, as when its database is away, or does again. */
    public synchronized void away(boolean on) {
        away = on;
    }

    /** The leases that have not ended. */
    public synchronized List<String> leases() {
        return leases.keySet().stream().filter(this::lives).toList();
    }

    /** Answers 503 from now on, or no more. */
    public synchronized void seal(boolean on) {
        sealed = on;
    }

    /** Answers the next requests so, in this order. */
    public synchronized void next(Answer... answers) {
        scripted.addAll(List.of(answers));
    }

    /** Forgets the scripted answers that nobody has got yet. */
    public synchronized void asUsual() {
        scripted.clear();
    }

    /** What came, in order. */
    public synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = answer(exchange, body);
            if (answer.code() == 0) {
                closing.await();
                return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = answer.body().getBytes(UTF_8);
            boolean none = answer.code() == 204;
            exchange.sendResponseHeaders(answer.code(), none ? -1 : bytes.length);
            if (!none) {
                exchange.getResponseBody().write(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Answer answer(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getRawPath();
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        seen.add(new Seen(exchange.getRequestMethod(), path, headers));
        Answer instead = scripted.poll();
        if (instead != null) {
            return instead;
        }
        if (sealed) {
            return error(503, "Vault is sealed");
        }
        if (!path.startsWith("/v1/")) {
            return error(404, "");
        }
        boolean post = exchange.getRequestMethod().equals("POST");
        JsonNode json = post ? parsed(body) : JSON.createObjectNode();
        return routed(path.substring("/v1/".length()), post, json, headers.get("x-vault-token"));
    }

    private Answer routed(String path, boolean post, JsonNode body, @Nullable String token) {
        if (post && path.startsWith("auth/") && path.endsWith("/login")) {
            return login(path.substring("auth/".length(), path.length() - "/login".length()), body);
        }
        Token known = token == null ? null : tokens.get(token);
        if (token == null || known == null || !now.isBefore(known.until())) {
            return error(403, "permission denied");
        }
        // What the policy "default" allows.
        if (!post && path.equals("auth/token/lookup-self")) {
            return answer(
                    200,
                    JSON.createObjectNode().set("data", JSON.createObjectNode().put("ttl", 1)));
        }
        if (post && path.equals("auth/token/renew-self")) {
            return renewed(token, known);
        }
        if (known.allowed().stream().noneMatch(path::startsWith)) {
            return error(403, "1 error occurred:\n\t* permission denied\n\n");
        }
        if (post && path.startsWith("sys/leases/renew")) {
            return renewedLease(
                    lease(path, "sys/leases/renew", body),
                    body.path("increment").asLong());
        }
        if (post && path.startsWith("sys/leases/revoke")) {
            return revoked(lease(path, "sys/leases/revoke", body));
        }
        if (!post && isOfAnEngine(path)) {
            return made(path, engines.getOrDefault(path, Optional.empty()), token);
        }
        return !post && path.startsWith(KV) ? read(path.substring(KV.length())) : error(404, "");
    }

    /** Whether the part before the role's name is that of an engine. */
    private boolean isOfAnEngine(String path) {
        String mount = path.substring(0, path.lastIndexOf('/') + 1);
        return engines.keySet().stream().anyMatch(other -> other.startsWith(mount));
    }

    private Answer login(String mount, JsonNode body) {
        Role role = roles.get(mount + "/" + body.path("role").asText());
        if (role == null) {
            return error(400, "invalid role name");
        }
        if (!role.jwt().equals(body.path("jwt").asText())) {
            // The method "jwt" says so of a signature that is not right, "kubernetes" of a token that is not the
            // role's.
            return mount.equals("jwt") ? error(400, "error validating token") : error(403, "permission denied");
        }
        String token = granted(role.life(), now.plus(role.longest()), role.allowed());
        return auth(token, role.life());
    }

    private String granted(Duration life, Instant last, List<String> allowed) {
        String token = "s.canary" + ++numbers;
        tokens.put(token, new Token(life, life.isZero() ? Instant.MAX : now.plus(life), last, allowed));
        return token;
    }

    private Answer renewed(String text, Token token) {
        Instant until = earlier(now.plus(token.life()), token.last());
        if (!until.isAfter(now)) {
            return error(400, "lease expired");
        }
        tokens.put(text, new Token(token.life(), until, token.last(), token.allowed()));
        return auth(text, Duration.between(now, until));
    }

    private Answer auth(String token, Duration life) {
        ObjectNode answer = JSON.createObjectNode().put("lease_id", "").put("renewable", false);
        answer.putNull("data")
                .putNull("warnings")
                .putObject("auth")
                .put("client_token", token)
                .put("accessor", "accessor")
                .put("lease_duration", life.toSeconds())
                .put("renewable", true);
        return answer(200, answer);
    }

    private Answer read(String path) {
        List<Optional<JsonNode>> versions = entries.getOrDefault(path, List.of());
        if (versions.isEmpty()) {
            return new Answer(404, "{\"errors\":[]}", Map.of());
        }
        Optional<JsonNode> latest = versions.get(versions.size() - 1);
        ObjectNode answer = JSON.createObjectNode()
                .put("lease_id", "")
                .put("renewable", false)
                .put("lease_duration", 0);
        ObjectNode data = answer.putObject("data");
        data.set("data", latest.orElse(JSON.nullNode()));
        data.putObject("metadata")
                .put("created_time", now.toString())
                .put("deletion_time", latest.isPresent() ? "" : now.toString())
                .put("destroyed", false)
                .put("version", versions.size());
        return answer(latest.isPresent() ? 200 : 404, answer);
    }

    private Answer made(String path, Optional<Engine> role, String token) {
        if (role.isEmpty()) {
            return error(400, "unknown role: " + path.substring(path.lastIndexOf('/') + 1));
        }
        if (away) {
            return error(500, "1 error occurred:\n\t* the database is away\n\n");
        }
        Engine engine = role.get();
        int number = ++numbers;
        String id = path + "/lease" + number;
        leases.put(id, new Lease(token, engine.life(), now.plus(engine.life()), now.plus(engine.longest())));
        ObjectNode answer = JSON.createObjectNode()
                .put("request_id", "request")
                .put("lease_id", id)
                .put("renewable", true)
                .put("lease_duration", engine.life().toSeconds());
        answer.set("data", parsed(engine.data().apply(number).getBytes(UTF_8)));
        answer.putNull("wrap_info").putNull("warnings").putNull("auth");
        return answer(200, answer);
    }

    private static String lease(String path, String route, JsonNode body) {
        String named = body.path("lease_id").asText("");
        return named.isEmpty() && path.length() > route.length() ? path.substring(route.length() + 1) : named;
    }

    private Answer renewedLease(String id, long increment) {
        Lease lease = leases.get(id);
        if (lease == null || !lives(id)) {
            return error(400, "lease not found");
        }
        if (away) {
            return error(400, "failed to renew entry: the database is away");
        }
        Duration wanted = increment == 0 ? lease.life() : Duration.ofSeconds(increment);
        Instant until = earlier(now.plus(wanted), lease.last());
        if (!until.isAfter(now)) {
            return error(400, "lease expired");
        }
        leases.put(id, new Lease(lease.token(), lease.life(), until, lease.last()));
        return answer(
                200,
                JSON.createObjectNode()
                        .put("lease_id", id)
                        .put("renewable", true)
                        .put("lease_duration", Duration.between(now, until).toSeconds()));
    }

    private Answer revoked(String id) {
        if (away && lives(id)) {
            return error(400, "failed to revoke entry: the database is away");
        }
        // Of what is gone already nothing is said.
        leases.remove(id);
        return answer(204, JSON.createObjectNode());
    }

    private boolean lives(String id) {
        Lease lease = leases.get(id);
        Token token = lease == null ? null : tokens.get(lease.token());
        return lease != null && token != null && now.isBefore(lease.until()) && now.isBefore(token.until());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Answer error(int code, String message) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("errors").add(message);
        return answer(code, answer);
    }

    private static Answer answer(int code, JsonNode body) {
        return new Answer(code, body.toString(), Map.of("Content-Type", "application/json"));
    }

    private static JsonNode parsed(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends every connection. */
    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
