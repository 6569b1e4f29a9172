package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * An API server with an administrator's rights: the one that {@code LANTERN_TEST_KUBECONFIG} names, or a fake. What a test
 * makes through {@link #make} bears a name of its own and is deleted when this closes, the namespace last.
 */
final class TestApiServer implements AutoCloseable {
    private static final String KUBECONFIG = "LANTERN_TEST_KUBECONFIG";
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

    private final ApiClient client;
    private final String kubeconfig;
    private final Deque<String> made = new ArrayDeque<>();
    /** Stands in every name that is not within a namespace. */
    private final String mark = "lt" + UUID.randomUUID().toString().substring(0, 8);

    private TestApiServer(ApiClient client, String kubeconfig) {
        this.client = client;
        this.kubeconfig = kubeconfig;
    }

    /**
     * @param status of HTTP
     * @param body the tree; empty if the answer was none
     */
    record Answer(int status, JsonObject body) {
        JsonObject made() {
            assertThat(status).as("%s", body).isBetween(200, 201);
            return body;
        }

        /** Refused by one of our policies, with its message. */
        void refusedBecause(String message) {
            assertThat(body.toString()).contains(message);
            assertThat(status).isEqualTo(403);
        }
    }

    static TestApiServer open(String whatIsSkipped) throws IOException {
        String file = System.getenv(KUBECONFIG);
        assumeTrue(file != null, KUBECONFIG + " is not set; skipped: " + whatIsSkipped);
        return of(Files.readString(Path.of(file)));
    }

    static TestApiServer of(String kubeconfig) throws IOException {
        ApiClient client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
                .setReadTimeout(Duration.ofSeconds(30))
                .build();
        return new TestApiServer(client, kubeconfig);
    }

    /** The same one, as the code under test sees it. */
    ApiServer server() {
        return new ApiServer(client);
    }

    /** The same one, with something between it and the code under test. */
    ApiServer server(Interceptor between) throws IOException {
        ApiClient other = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
                .build();
        return new ApiServer(other.setHttpClient(
                other.getHttpClient().newBuilder().addInterceptor(between).build()));
    }

    String mark() {
        return mark;
    }

    Answer get(String path) {
        return call("GET", path, null, "application/json", "");
    }

    /** Creates an object for the time of the test. */
    JsonObject make(String collection, JsonObject object) {
        JsonObject answer = post(collection, object).made();
        made.push(collection + "/"
                + object.getAsJsonObject("metadata").get("name").getAsString());
        return answer;
    }

    Answer post(String path, JsonObject object) {
        return call("POST", path, object, "application/json", "");
    }

    Answer mergePatch(String path, JsonObject patch) {
        return call("PATCH", path, patch, "application/merge-patch+json", "");
    }

    Answer delete(String path, JsonObject options) {
        return call("DELETE", path, options, "application/json", "");
    }

    /** The same calls as somebody else; {@code user} is empty for ourselves. */
    Answer call(String method, String path, JsonObject body, String contentType, String user) {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("Accept", "application/json, */*");
        headers.put("Content-Type", contentType);
        if (!user.isEmpty()) {
            headers.put("Impersonate-User", user);
        }
        try (Response response = client.buildCall(
                        null,
                        path,
                        method,
                        List.of(),
                        List.of(),
                        body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8),
                        headers,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new String[] {"BearerToken"},
                        null)
                .execute()) {
            String text = response.body().string();
            return new Answer(response.code(), text.startsWith("{") ? tree(text) : new JsonObject());
        } catch (IOException | ApiException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    /** Asks until the answer is as wanted; fails with the last one. */
    <T> T await(String what, Supplier<T> ask, Predicate<T> wanted) {
        long since = System.nanoTime();
        T answer = ask.get();
        while (!wanted.test(answer)) {
            assertThat(System.nanoTime() - since)
                    .as("waited for %s, last %s", what, answer)
                    .isLessThan(PATIENCE);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            answer = ask.get();
        }
        return answer;
    }

    static List<JsonObject> items(JsonObject list) {
        return list.getAsJsonArray("items").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static JsonObject tree(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    @Override
    public void close() {
        JsonObject background = Persisted.json("{\"propagationPolicy\":\"Background\"}");
        while (!made.isEmpty()) {
            Answer answer = delete(made.pop(), background);
            assertThat(answer.status()).as("%s", answer.body()).isIn(200, 202, 404);
        }
    }
}
