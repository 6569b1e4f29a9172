package dev.lantern.core.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests to the server, again until there is an answer or no time is left, and reads answers of bounded size. The
 * threads are the client's own: they move bytes and decide nothing. Thread-safe.
 */
final class VaultHttp {
    /** The largest value, escaped in the worst way, and what stands around it. */
    static final int LARGEST_ANSWER = 1 << 20;

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final HttpClient client;
    private final URI address;
    private final Optional<String> namespace;
    private final RandomGenerator chance;

    VaultHttp(HttpClient client, URI address, Optional<String> namespace, RandomGenerator chance) {
        this.client = client;
        this.address = address;
        this.namespace = namespace;
        this.chance = chance;
    }

    /**
     * What is asked.
     *
     * @param path behind {@code /v1/}, of characters that need no escaping
     * @param body of a POST; empty for a GET
     */
    record Question(String path, Optional<JsonNode> body) {
        static Question get(String path) {
            return new Question(path, Optional.empty());
        }

        static Question post(String path, JsonNode body) {
            return new Question(path, Optional.of(body));
        }

        /** Not what is sent: a body may hold a credential. */
        @Override
        public String toString() {
            return (body.isEmpty() ? "GET" : "POST") + " /v1/" + path;
        }
    }

    /** What was answered; the bytes belong to whoever reads them. */
    record Reply(int code, byte[] body, Optional<Duration> retryAfter) {
        /** The object that it is; the bytes are wiped. */
        Optional<JsonNode> read() {
            try {
                return VaultJson.object(body);
            } finally {
                Arrays.fill(body, (byte) 0);
            }
        }

        boolean isSuccess() {
            return code == 200 || code == 204;
        }

        /** Whether the server says of itself that another try may help; 412 is a standby that has not caught up. */
        boolean mayPass() {
            return code == 429 || code == 412 || code >= 500;
        }

        @Override
        public String toString() {
            return "HTTP " + code;
        }
    }

    /**
     * The answer, whatever it is, but for what may pass.
     *
     * @throws LanternException if there was none in time, or the server could not
     */
    Reply ask(VaultCall call, Question question, Optional<String> token) {
        long pause = FIRST_PAUSE;
        while (true) {
            String why;
            long wanted = pause - (long) (chance.nextDouble() * pause / 2);
            try {
                Reply reply = tried(call, question, token);
                if (!reply.mayPass()) {
                    return refuseRedirect(call, question, reply);
                }
                why = said(reply.code());
                wanted = Math.max(
                        wanted, reply.retryAfter().map(Duration::toNanos).orElse(0L));
            } catch (IOException e) {
                why = silent(e);
            }
            if (wanted >= call.left()) {
                throw call.failed(question + ": " + why);
            }
            rest(call, wanted);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    /**
     * The answer to one try, whatever it is, but for what may pass.
     *
     * @throws LanternException if there was none in time, or the server could not
     */
    Reply once(VaultCall call, Question question, Optional<String> token) {
        try {
            Reply reply = tried(call, question, token);
            if (reply.mayPass()) {
                throw call.failed(question + ": " + said(reply.code()));
            }
            return refuseRedirect(call, question, reply);
        } catch (IOException e) {
            throw call.failed(question + ": " + silent(e));
        }
    }

    private Reply tried(VaultCall call, Question question, Optional<String> token) throws IOException {
        long left = call.left();
        if (left == 0) {
            throw call.failed(question + ": no time was left to ask");
        }
        CompletableFuture<HttpResponse<byte[]>> coming =
                client.sendAsync(request(question, token), response -> new BoundedBody(LARGEST_ANSWER));
        try {
            HttpResponse<byte[]> response = coming.get(left, TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), response.body(), retryAfter(response));
        } catch (TimeoutException e) {
            throw call.failed(question + ": no answer in time; see whether the server is healthy and can be reached");
        } catch (InterruptedException e) {
            throw call.interrupted();
        } catch (ExecutionException e) {
            throw failure(call, question, e.getCause());
        } finally {
            coming.cancel(true);
        }
    }

    private static IOException failure(VaultCall call, Question question, @Nullable Throwable cause) {
        if (cause instanceof BoundedBody.TooLargeException) {
            throw call.failed(question + ": the answer is larger than " + LARGEST_ANSWER + " bytes");
        }
        return cause instanceof IOException broken ? broken : new IOException(cause);
    }

    private HttpRequest request(Question question, Optional<String> token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve("/v1/" + question.path()))
                .header("X-Vault-Request", "true")
                .header("Accept", "application/json");
        namespace.ifPresent(name -> request.header("X-Vault-Namespace", name));
        token.ifPresent(text -> request.header("X-Vault-Token", text));
        question.body()
                .ifPresent(body -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(VaultJson.bytes(body))));
        return request.build();
    }

    private static Reply refuseRedirect(VaultCall call, Question question, Reply reply) {
        if (reply.code() >= 300 && reply.code() < 400) {
            throw call.failed(question + ": it sends elsewhere (HTTP " + reply.code()
                    + "), and no token is carried there; name the active server or what balances before it");
        }
        return reply;
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** Neither its message nor itself: the client quotes what it could not read. */
    private static String silent(IOException e) {
        return "no answer (" + e.getClass().getSimpleName()
                + "); see its address, its certificate and the network between";
    }

    private static String said(int code) {
        return switch (code) {
            case 429 -> "it was asked too often (HTTP 429); ask less often, or raise its quota";
            case 503 -> "it is sealed or being maintained (HTTP 503); unseal it";
            default -> "it could not answer (HTTP " + code + "); see its own log";
        };
    }

    private static void rest(VaultCall call, long pause) {
        try {
            boolean never = new CountDownLatch(1).await(pause, TimeUnit.NANOSECONDS);
            if (never) {
                throw new IllegalStateException("nobody counts this down");
            }
        } catch (InterruptedException e) {
            throw call.interrupted();
        }
    }
}
