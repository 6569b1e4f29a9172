package dev.lantern.k8s;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests to the API server and reads what comes, in the client's own threads. Whatever happens to a request, its
 * outcome is handed over once. Thread-safe.
 */
final class ApiServer {
    /** etcd takes objects of 1.5 MiB; as JSON they are larger. */
    private static final int LARGEST_OBJECT = 8 << 20;

    /** Read, created, and accepted to be deleted. */
    private static final List<Integer> SUCCESS = List.of(200, 201, 202);

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";

    /** What the keys of its tokens are: whoever asks for mere JSON gets 406. */
    private static final String KEYS = "application/jwk-set+json";

    private final ApiClient client;

    ApiServer(ApiClient client) {
        this.client = client;
    }

    /** Where it is. */
    String address() {
        return client.getBasePath();
    }

    /**
     * Asks. Returns at once; how long to wait is the caller's affair.
     *
     * @param askedAt now
     * @return what takes the request back, in whatever state it is
     */
    <R> Runnable ask(Get get, BodyReader<R> reader, Instant askedAt, Consumer<Outcome<R>> outcome) {
        return send(call(get), reader, askedAt, outcome);
    }

    /** Sends a change, and everything else is as with {@link #ask}. */
    <R> Runnable ask(Change change, BodyReader<R> reader, Instant askedAt, Consumer<Outcome<R>> outcome) {
        return send(call(change), reader, askedAt, outcome);
    }

    /**
     * Prepares a request whose answer is read in the caller's thread.
     *
     * @param silence how long nothing may come
     * @param whole how long all of it may take
     */
    Exchange exchange(Get get, Duration silence, Duration whole, Instant askedAt) {
        Call patient = client.getHttpClient()
                .newBuilder()
                .readTimeout(silence)
                .callTimeout(whole)
                .build()
                .newCall(call(get).request());
        return new Exchange(patient, askedAt);
    }

    /**
     * Prepares a request whose answer is text, read in the caller's thread for as long as it comes.
     *
     * @param silence how long nothing may come
     */
    Exchange text(Get get, Duration silence, Instant askedAt) {
        Call patient = client.getHttpClient()
                .newBuilder()
                .readTimeout(silence)
                .callTimeout(Duration.ZERO)
                .build()
                .newCall(call(get)
                        .request()
                        .newBuilder()
                        .header("Accept", TEXT + ", */*")
                        .build());
        return new Exchange(patient, askedAt);
    }

    private static <R> Runnable send(Call call, BodyReader<R> reader, Instant askedAt, Consumer<Outcome<R>> outcome) {
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                outcome.accept(new Outcome.Lost<>(unreached(e), askedAt));
            }

            @Override
            public void onResponse(Call answered, Response response) {
                try (response) {
                    outcome.accept(read(call, response, reader, askedAt));
                }
            }
        });
        return call::cancel;
    }

    private Call call(Get get) {
        return call("GET", get.path(), get.query(), null, null);
    }

    private Call call(Change change) {
        return call(
                change.method(),
                change.path(),
                change.query(),
                change.contentType(),
                change.body().toString().getBytes(StandardCharsets.UTF_8));
    }

    private Call call(
            String method,
            String path,
            SortedMap<String, String> parameters,
            @Nullable String contentType,
            byte @Nullable [] body) {
        List<Pair> query = new ArrayList<>();
        parameters.forEach((name, value) -> query.add(new Pair(name, value)));
        Map<String, String> headers = new TreeMap<>();
        headers.put("Accept", path.equals(ClusterKeys.PATH) ? KEYS + ", " + JSON : JSON);
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
        try {
            return client.buildCall(
                    null,
                    path,
                    method,
                    query,
                    List.of(),
                    body,
                    headers,
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new String[] {"BearerToken"},
                    null);
        } catch (ApiException e) {
            throw new IllegalStateException("a request cannot be built: " + method + " " + path, e);
        }
    }

    static <R> Outcome<R> read(Call call, Response response, BodyReader<R> reader, Instant askedAt) {
        return digest(
                call,
                response,
                bytes -> {
                    JsonReader json = new JsonReader(utf8(bytes));
                    json.setStrictness(Strictness.STRICT);
                    return reader.read(json, bytes);
                },
                askedAt);
    }

    /** Makes a value of the bytes of an answer. */
    @FunctionalInterface
    interface Digest<R> {
        R of(BoundedStream bytes) throws UnreadableException, IOException;
    }

    static <R> Outcome<R> digest(Call call, Response response, Digest<R> digest, Instant askedAt) {
        return answer(
                call,
                response,
                call.request().url().encodedPath().equals(ClusterKeys.PATH) ? List.of(KEYS, JSON) : List.of(JSON),
                () -> digest.of(new BoundedStream(response.body().byteStream(), LARGEST_OBJECT)),
                askedAt);
    }

    /** Refuses what no kubelet says: a page of some proxy must not pass for what an agent wrote. */
    static Outcome<TextBody> digestText(Call call, Response response, Instant askedAt) {
        return answer(call, response, List.of(TEXT), () -> new TextBody(response), askedAt);
    }

    /** Makes a value of an answer. */
    @FunctionalInterface
    private interface Body<R> {
        R read() throws UnreadableException, IOException;
    }

    private static <R> Outcome<R> answer(
            Call call, Response response, List<String> types, Body<R> reading, Instant askedAt) {
        try {
            if (!response.request().url().equals(call.request().url())) {
                return new Outcome.Lost<>(
                        "the answer came by a redirect to another address, which no API server gives; see what stands"
                                + " between it and this host",
                        askedAt);
            }
            if (!SUCCESS.contains(response.code())) {
                return Refusals.read(response, askedAt);
            }
            require(types, response);
            R body = reading.read();
            return new Outcome.Told<>(
                    body, Optional.ofNullable(response.headers().getInstant("Date")), askedAt);
        } catch (UnreadableException e) {
            return new Outcome.Lost<>(Why.unreadable(e.getMessage()), askedAt);
        } catch (IOException e) {
            return new Outcome.Lost<>(broken(e), askedAt);
        } catch (JsonParseException e) {
            IOException cause = e.getCause() instanceof IOException broken ? broken : new MalformedJsonException(e);
            return new Outcome.Lost<>(broken(cause), askedAt);
        } catch (RuntimeException e) {
            // Gson's readers throw several. Whatever it was, somebody waits for an outcome.
            return new Outcome.Lost<>(Why.unreadable(e.toString()), askedAt);
        }
    }

    private static void require(List<String> types, Response response) throws UnreadableException {
        MediaType type = response.body().contentType();
        if (type == null || !types.contains(type.type() + "/" + type.subtype())) {
            throw new UnreadableException("the answer is " + (type == null ? "of no type" : "of type " + type)
                    + " where " + types.get(0) + " was asked for");
        }
    }

    /** What is no UTF-8 is refused, not replaced: two names must not become one. */
    static Reader utf8(BoundedStream bytes) {
        return new InputStreamReader(
                bytes,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    static String unreached(IOException e) {
        if (e instanceof InterruptedIOException) {
            return "no answer in the client's own time (" + said(e)
                    + "); see whether the API server is healthy and can be reached from this host";
        }
        if (e instanceof UnknownHostException || e instanceof ConnectException) {
            return "the API server cannot be reached (" + said(e) + "); see its address and the network between";
        }
        if (e instanceof SSLException) {
            return "no TLS connection to the API server (" + said(e)
                    + "); see the certificates of both, and the authority in this host's kubeconfig";
        }
        return "the connection broke before there was an answer (" + said(e) + "); ask again, and if that does not help"
                + " see the API server's health and the network between";
    }

    static String broken(IOException e) {
        if (e instanceof InterruptedIOException) {
            return "the answer did not end in the client's own time (" + said(e)
                    + "); see the API server's health and the network between";
        }
        if (e instanceof BoundedStream.TooLargeException) {
            return Why.unreadable(said(e));
        }
        if (e instanceof MalformedJsonException || e instanceof EOFException || e instanceof CharacterCodingException) {
            return Why.unreadable("it is no complete JSON");
        }
        return "the connection broke in the middle of the answer (" + said(e)
                + "); ask again, and if that does not help" + " see the API server's health and the network between";
    }

    private static String said(IOException e) {
        return Refusals.oneLine(e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage()));
    }
}
