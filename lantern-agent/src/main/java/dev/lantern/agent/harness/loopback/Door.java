package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.http.Headers;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.value.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides who is let in: other users, other runs and web pages share the loopback of a laptop. Thread-safe.
 *
 * <p>Tokens are looked up by their digest, so that how long a lookup takes says nothing about a token.
 */
final class Door {
    private final String host;
    private final Map<Digest, Instance> instances = new ConcurrentHashMap<>();

    /** @param host what the Host header of every honest request says */
    Door(String host) {
        this.host = host;
    }

    void letIn(String token, Instance instance) {
        instances.put(digest(token), instance);
    }

    void lockOut(String token) {
        instances.remove(digest(token));
    }

    /** Why this request stays outside, told from its head alone. */
    Optional<HttpResponse> refusal(HttpRequest head) {
        Headers headers = head.headers();
        if (!headers.single("host").orElse("").equals(host)) {
            // A web page that rebinds a name of its own to 127.0.0.1 still sends that name.
            return Optional.of(Answers.problem(
                    "foreign-host", 403, "this door is reached as " + host + " only: use LANTERN_URL as it is"));
        }
        if (headers.has("origin") || headers.has("sec-fetch-site")) {
            return Optional.of(Answers.problem("web-page", 403, "web pages are not let in"));
        }
        if (instance(head).isEmpty()) {
            return Optional.of(Answers.problem(
                    "not-found", 404, "there is nothing here for this token: use LANTERN_URL as it is"));
        }
        return Optional.empty();
    }

    /** Whose token the target begins with. */
    Optional<Instance> instance(HttpRequest head) {
        return Optional.ofNullable(instances.get(digest(token(head))));
    }

    /** The request without its token. */
    static HttpRequest inside(HttpRequest request) {
        String rest = request.target().substring(1 + token(request).length());
        return new HttpRequest(request.method(), rest, request.headers(), request.body());
    }

    private static String token(HttpRequest request) {
        int end = request.target().indexOf('/', 1);
        return end < 0 ? request.target().substring(1) : request.target().substring(1, end);
    }

    private static Digest digest(String token) {
        return Digest.sha256(token.getBytes(StandardCharsets.UTF_8));
    }
}
