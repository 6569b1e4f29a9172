package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who holds which token: one for the administrator, the others are service accounts'. */
final class Tokens {
    static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    /** The real server believes a token for as long after it has looked. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private static final long DEFAULT_SECONDS = 3600;
    private static final long LEAST_SECONDS = 600;
    private static final String KUBERNETES = "kubernetes.io";

    private final World world;
    private final String adminToken;
    private final Map<String, Instant> believed = new LinkedHashMap<>();
    private @Nullable Jwt jwt;

    Tokens(World world) {
        this.world = world;
        this.adminToken = "admin-" + world.names().hex(32);
    }

    String adminToken() {
        return adminToken;
    }

    ObjectNode jwks() {
        return jwt().jwks();
    }

    /** Answers the {@code token} subresource of a service account. */
    ObjectNode issue(Stored account, JsonNode request) {
        JsonNode spec = request.path("spec");
        long seconds = spec.path("expirationSeconds").asLong(DEFAULT_SECONDS);
        if (seconds < LEAST_SECONDS) {
            throw Statuses.invalid(
                    Types.SERVICE_ACCOUNTS,
                    account.key().name(),
                    List.of(new Statuses.Cause(
                            "FieldValueInvalid",
                            "Invalid value: " + seconds + ": may not specify a duration less than 10 minutes",
                            "spec.expirationSeconds")));
        }
        Instant until = world.now().plusSeconds(seconds);
        ObjectNode answer = request.deepCopy();
        answer.put("kind", "TokenRequest");
        answer.put("apiVersion", "authentication.k8s.io/v1");
        ObjectNode asked = Trees.child(answer, "spec");
        asked.put("expirationSeconds", seconds);
        if (!asked.path("audiences").elements().hasNext()) {
            asked.putArray("audiences").add(ISSUER);
        }
        answer.putObject("status")
                .put("token", jwt().sign(claims(account, asked, until)))
                .put("expirationTimestamp", World.timestamp(until));
        return answer;
    }

    private ObjectNode claims(Stored account, JsonNode spec, Instant until) {
        ObjectNode claims = Trees.object();
        claims.set("aud", spec.path("audiences").deepCopy());
        claims.put("exp", until.getEpochSecond());
        claims.put("iat", world.now().getEpochSecond());
        claims.put("iss", ISSUER);
        claims.put("jti", world.names().uid());
        ObjectNode bound = claims.putObject(KUBERNETES);
        bound.put("namespace", account.key().namespace());
        JsonNode object = spec.path("boundObjectRef");
        if (object.path("kind").asText().equals("Pod")) {
            bind(bound, account.key().namespace(), object);
        }
        bound.putObject("serviceaccount").put("name", account.key().name()).put("uid", account.uid());
        claims.put("nbf", world.now().getEpochSecond());
        claims.put(
                "sub",
                "system:serviceaccount:" + account.key().namespace() + ":"
                        + account.key().name());
        return claims;
    }

    private void bind(ObjectNode bound, String namespace, JsonNode object) {
        String name = object.path("name").asText();
        Stored pod = world.store()
                .find(Key.of(Types.PODS, namespace, name))
                .orElseThrow(() -> Statuses.notFound(Types.PODS, name));
        String uid = object.path("uid").asText();
        if (!uid.isEmpty() && !uid.equals(pod.uid())) {
            throw Statuses.conflict(
                    Types.PODS,
                    name,
                    "the UID in the bound object reference (" + uid + ") does not match the UID in record. The object"
                            + " might have been deleted and then recreated");
        }
        world.store()
                .find(Key.of(Types.NODES, pod.field("spec.nodeName")))
                .ifPresent(node ->
                        bound.putObject("node").put("name", node.key().name()).put("uid", node.uid()));
        bound.putObject("pod").put("name", name).put("uid", pod.uid());
    }

    /** As a kubelet asks for it. */
    String ofPod(Stored pod, String audience) {
        Stored account = world.store()
                .find(Key.of(Types.SERVICE_ACCOUNTS, pod.key().namespace(), pod.field("spec.serviceAccountName")))
                .orElseThrow(() -> Statuses.notFound(Types.SERVICE_ACCOUNTS, pod.field("spec.serviceAccountName")));
        ObjectNode request = Trees.object();
        ObjectNode spec = request.putObject("spec");
        spec.putArray("audiences").add(audience);
        spec.putObject("boundObjectRef")
                .put("kind", Types.PODS.kind())
                .put("apiVersion", Types.PODS.apiVersion())
                .put("name", pod.key().name())
                .put("uid", pod.uid());
        return Trees.text(issue(account, request), "status", "token");
    }

    /** Who sends this token to the API server. */
    Optional<User> user(String token) {
        if (token.equals(adminToken)) {
            return Optional.of(User.admin());
        }
        return claims(token).filter(claims -> hasAudience(claims, ISSUER)).map(Tokens::user);
    }

    /** Answers a TokenReview. */
    ObjectNode review(JsonNode review) {
        ObjectNode answer = review.deepCopy();
        ObjectNode status = answer.putObject("status");
        String token = Trees.text(review, "spec", "token");
        List<String> asked = Trees.texts(Trees.at(review, "spec", "audiences")).toList();
        List<String> audiences = asked.isEmpty() ? List.of(ISSUER) : asked;
        Optional<JsonNode> claims = claims(token);
        List<String> common = claims.stream()
                .flatMap(found -> audiences.stream().filter(audience -> hasAudience(found, audience)))
                .toList();
        if (claims.isEmpty() || common.isEmpty()) {
            status.putObject("user");
            status.put(
                    "error",
                    claims.isEmpty()
                            ? "[invalid bearer token, service account token is not valid]"
                            : "[invalid bearer token, token audiences do not match those asked for]");
            return answer;
        }
        User user = user(claims.get());
        status.put("authenticated", true);
        ObjectNode described = status.putObject("user");
        described.put("username", user.name());
        described.put("uid", user.uid());
        user.groups().forEach(Trees.list(described, "groups")::add);
        described.set("extra", user.extra());
        common.forEach(Trees.list(status, "audiences")::add);
        return answer;
    }

    /** The claims of a token that was issued here, is valid now, and whose pod stands or stood a moment ago. */
    private Optional<JsonNode> claims(String token) {
        if (jwt == null) {
            return Optional.empty();
        }
        return jwt().verified(token).filter(claims -> {
            long now = world.now().getEpochSecond();
            return claims.path("nbf").asLong() <= now
                    && now < claims.path("exp").asLong()
                    && stands(claims);
        });
    }

    private boolean stands(JsonNode claims) {
        String id = claims.path("jti").asText();
        JsonNode bound = claims.path(KUBERNETES);
        String namespace = bound.path("namespace").asText();
        boolean there = isThere(Types.SERVICE_ACCOUNTS, namespace, bound.path("serviceaccount"))
                && (!bound.has("pod") || isThere(Types.PODS, namespace, bound.path("pod")));
        if (there) {
            believed.put(id, world.now());
            return true;
        }
        Instant last = believed.get(id);
        return last != null && world.now().isBefore(last.plus(REMEMBERED));
    }

    private boolean isThere(ResourceType type, String namespace, JsonNode object) {
        return world.store()
                .find(Key.of(type, namespace, object.path("name").asText()))
                .filter(stored -> stored.uid().equals(object.path("uid").asText()))
                .isPresent();
    }

    private static boolean hasAudience(JsonNode claims, String audience) {
        return Trees.texts(claims.path("aud")).anyMatch(audience::equals);
    }

    private static User user(JsonNode claims) {
        JsonNode bound = claims.path(KUBERNETES);
        ObjectNode extra = Trees.object();
        extra(extra, "credential-id", "JTI=" + claims.path("jti").asText());
        if (bound.has("node")) {
            extra(extra, "node-name", Trees.text(bound, "node", "name"));
            extra(extra, "node-uid", Trees.text(bound, "node", "uid"));
        }
        if (bound.has("pod")) {
            extra(extra, "pod-name", Trees.text(bound, "pod", "name"));
            extra(extra, "pod-uid", Trees.text(bound, "pod", "uid"));
        }
        return new User(
                claims.path("sub").asText(),
                Trees.text(bound, "serviceaccount", "uid"),
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + bound.path("namespace").asText(),
                        "system:authenticated"),
                extra);
    }

    private static void extra(ObjectNode extra, String name, String value) {
        ArrayNode values = extra.putArray("authentication.kubernetes.io/" + name);
        values.add(value);
    }

    private Jwt jwt() {
        Jwt made = jwt;
        if (made == null) {
            made = Jwt.generate();
            jwt = made;
        }
        return made;
    }
}
