package dev.lantern.agent;

import dev.lantern.agent.http.Exchange;
import dev.lantern.agent.http.Headers;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The harness's API as methods. Thread-safe; each method blocks until it is answered. */
final class HarnessClient {
    /** Refusals that say something about this instance, not about what was asked. */
    private static final List<String> STOPPING =
            List.of("stale-epoch", "run-ended", "draining", "unknown-instance", "journal-regressed", "closed");

    private static final String TEXT = "text/plain; charset=utf-8";

    private final Exchange link;

    HarnessClient(Exchange link) {
        this.link = link;
    }

    /**
     * How begin was answered.
     *
     * @param key the step's idempotency key; empty where the result is there
     */
    record Begun(Optional<Payload> recorded, boolean happened, String key, int attempt) {}

    Payload input() {
        HttpResponse response = sent("run", "GET", "/v1/input", Headers.none(), new byte[0]);
        require("run", response, 200);
        return payload(response);
    }

    byte[] secret(String name) {
        String target = "/v1/secrets/" + encoded(name).replace("+", "%20");
        HttpResponse response = sent("secret " + name, "GET", target, Headers.none(), new byte[0]);
        if (response.status() == 200) {
            return response.body();
        }
        Map<String, @Nullable Object> problem = Documents.problem(response.body());
        String code = Documents.text(problem, "code");
        String what = "secret " + name + " was not given (" + code + "): " + Documents.text(problem, "detail");
        if (STOPPING.contains(code)) {
            throw new AgentStoppedException(what);
        }
        throw code.equals("secret-unavailable") ? new SecretUnavailableException(what) : new LanternException(what);
    }

    List<StepInDoubt> inDoubt() {
        HttpResponse response = sent("run", "GET", "/v1/run", Headers.none(), new byte[0]);
        require("run", response, 200);
        return Documents.inDoubt(response.body());
    }

    /** @param token the same for a repeat of this very begin */
    Begun begin(StepSpec step, Optional<Payload> input, String token) {
        String query = "?effect=" + step.effect().wireName()
                + (step.reserveTokens() == 0 ? "" : "&reserve_tokens=" + step.reserveTokens())
                + key("&", step.key());
        Headers headers = Headers.none().with("Idempotency-Key", token);
        byte[] body = new byte[0];
        if (input.isPresent()) {
            headers = headers.with("Content-Type", input.get().mediaType());
            body = input.get().bytes();
        }
        HttpResponse response = sent(step.name(), "POST", path(step.name(), "begin") + query, headers, body);
        return switch (response.status()) {
            case 200 -> new Begun(Optional.of(payload(response)), false, "", 0);
            case 201 -> new Begun(Optional.empty(), false, stepKey(response), attempt(response));
            case 202 -> new Begun(Optional.empty(), true, stepKey(response), 0);
            default -> throw refused(step.name(), response);
        };
    }

    void complete(StepSpec step, String stepKey, Payload result) {
        Headers headers = Headers.none().with("Lantern-Step-Key", stepKey).with("Content-Type", result.mediaType());
        require(
                step.name(),
                sent(
                        step.name(),
                        "POST",
                        path(step.name(), "complete") + key("?", step.key()),
                        headers,
                        result.bytes()),
                200);
    }

    void fail(StepSpec step, String stepKey, String error) {
        Headers headers = Headers.none().with("Lantern-Step-Key", stepKey).with("Content-Type", TEXT);
        String target = path(step.name(), "fail") + key("?", step.key());
        require(step.name(), sent(step.name(), "POST", target, headers, utf8(error)), 200);
    }

    void resolve(StepInDoubt step, boolean happened, String how) {
        String which = step.key().isPresent() ? key("&", step.key()) : "&occurrence=" + step.occurrence();
        String target = path(step.name(), "resolve") + "?happened=" + happened + which;
        Headers headers = Headers.none().with("Content-Type", TEXT);
        require(step.name(), sent(step.name(), "POST", target, headers, utf8(how)), 200);
    }

    void usage(StepSpec step, String stepKey, String report, ModelUsage usage) {
        Headers headers = usageHeaders(report).with("Lantern-Step-Key", stepKey);
        String target = path(step.name(), "usage") + key("?", step.key());
        require(step.name(), sent(step.name(), "POST", target, headers, Documents.usage(usage)), 202);
    }

    void usage(String report, ModelUsage usage) {
        require("run", sent("run", "POST", "/v1/usage", usageHeaders(report), Documents.usage(usage)), 200);
    }

    void output(Payload output) {
        Headers headers = Headers.none().with("Content-Type", output.mediaType());
        require("run", sent("run", "POST", "/v1/output", headers, output.bytes()), 200);
    }

    private static Headers usageHeaders(String report) {
        return Headers.none().with("Idempotency-Key", report).with("Content-Type", "application/json");
    }

    private HttpResponse sent(String what, String method, String target, Headers headers, byte[] body) {
        try {
            return link.exchange(new HttpRequest(method, target, headers, body));
        } catch (IOException e) {
            throw new AgentStoppedException("the harness no longer answers for " + what + "; this instance is over", e);
        }
    }

    private static void require(String what, HttpResponse response, int status) {
        if (response.status() != status) {
            throw refused(what, response);
        }
    }

    private static LanternException refused(String step, HttpResponse response) {
        Map<String, @Nullable Object> problem = Documents.problem(response.body());
        String code = Documents.text(problem, "code");
        String detail = Documents.text(problem, "detail");
        if (STOPPING.contains(code)) {
            return new AgentStoppedException("this instance is over (" + code + "): " + detail);
        }
        if (code.equals("step-in-doubt")) {
            return new StepInDoubtException(step, Documents.text(problem, "idempotencyKey"), code, detail);
        }
        return new StepRefusedException(step, code, detail);
    }

    private static Payload payload(HttpResponse response) {
        return Payload.of(
                response.headers().single("content-type").orElse("application/octet-stream"), response.body());
    }

    private static String stepKey(HttpResponse response) {
        return response.headers()
                .single("lantern-step-key")
                .orElseThrow(
                        () -> new LanternException(
                                "the harness answered begin without Lantern-Step-Key: it speaks another version of the protocol"));
    }

    private static int attempt(HttpResponse response) {
        return Integer.parseInt(response.headers().single("lantern-attempt").orElse("1"));
    }

    /** Names hold no character that a path must escape; what is no name is refused by the harness, so it is escaped. */
    private static String path(String name, String verb) {
        return "/v1/steps/"
                + encoded(name).replace("%2F", "/").replace("%3A", ":").replace("+", "%20") + "/" + verb;
    }

    private static String key(String separator, Optional<String> key) {
        return key.map(k -> separator + "key=" + encoded(k)).orElse("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The harness's JSON documents. */
    static final class Documents {
        private Documents() {}

        static byte[] usage(ModelUsage usage) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("provider", usage.provider());
            json.put("model", usage.model());
            json.put("inputTokens", usage.inputTokens());
            json.put("outputTokens", usage.outputTokens());
            json.put("cachedTokens", usage.cachedTokens());
            json.put("reasoningTokens", usage.reasoningTokens());
            usage.costUsd().ifPresent(cost -> json.put("costUsd", cost.toPlainString()));
            return JsonText.write(json);
        }

        static List<StepInDoubt> inDoubt(byte[] run) {
            RunDocument document =
                    (RunDocument) new RecordCodec().decode(Payload.of("application/json", run), RunDocument.class);
            return document.inDoubt().stream().map(Doubtful::value).toList();
        }

        @SuppressWarnings("unchecked")
        static Map<String, @Nullable Object> problem(byte[] body) {
            return JsonText.read(body) instanceof Map<?, ?> map
                    ? (Map<String, @Nullable Object>) map
                    : new LinkedHashMap<>();
        }

        static String text(Map<String, @Nullable Object> json, String name) {
            return json.get(name) instanceof String text ? text : "";
        }
    }

    /** What is read of the run document. */
    record RunDocument(List<Doubtful> inDoubt) {}

    /** A step in doubt as the harness writes it. */
    record Doubtful(
            String step,
            Optional<String> key,
            Optional<Integer> occurrence,
            String effect,
            int startedInEpoch,
            String say) {
        StepInDoubt value() {
            return new StepInDoubt(step, key, occurrence.orElse(0), Effect.ofWireName(effect), startedInEpoch, say);
        }
    }
}
