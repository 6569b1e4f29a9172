package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.Effect;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.harness.StepAsk;
import dev.lantern.agent.harness.StepRef;
import dev.lantern.agent.http.HttpException;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One instance's API for its agent: from request to response over the harness, without sockets.
 *
 * <p>An actor of the harness's clockwork: {@link #handle} is called in its turns and answers in its turns. A
 * request whose sender has gone is carried out all the same, and a repeat of it is answered the same.
 */
public final class LoopbackApi {
    private static final int MAX_RETRY_TOKEN = 200;
    private static final int MAX_TEXT = 4000;

    private final Harness harness;
    private final Supplier<byte[]> reportNames;

    /** @param reportNames random bytes, to name usage reports that come without an Idempotency-Key */
    public LoopbackApi(Harness harness, Supplier<byte[]> reportNames) {
        this.harness = harness;
        this.reportNames = reportNames;
    }

    /**
     * Answers a request.
     *
     * @param request its target begins with {@code /v1/}: whoever holds the token has been let in already
     * @param answer told once, maybe long after this call
     */
    public void handle(HttpRequest request, Consumer<HttpResponse> answer) {
        int question = request.target().indexOf('?');
        String path = question < 0 ? request.target() : request.target().substring(0, question);
        String query = question < 0 ? "" : request.target().substring(question + 1);
        Optional<Endpoint> endpoint = Endpoint.of(path);
        if (endpoint.isEmpty()) {
            answer.accept(
                    Answers.problem("not-found", 404, "there is no such path; docs/agent-protocol.md lists them"));
        } else if (!endpoint.get().method().equals(request.method())) {
            answer.accept(Answers.problem(
                            "method-not-allowed",
                            405,
                            endpoint.get().template() + " takes "
                                    + endpoint.get().method())
                    .with("Allow", endpoint.get().method()));
        } else {
            guarded(endpoint.get(), path, query, request, answer);
        }
    }

    private void guarded(
            Endpoint endpoint, String path, String query, HttpRequest request, Consumer<HttpResponse> answer) {
        try {
            serve(endpoint, path, Query.parse(query, endpoint.parameters()), request, answer);
        } catch (HttpException e) {
            answer.accept(Answers.problem("bad-request", e.status(), String.valueOf(e.getMessage())));
        } catch (LanternException e) {
            answer.accept(Answers.problem(Problem.of(Problem.Code.INVALID, String.valueOf(e.getMessage()))));
        }
    }

    private void serve(
            Endpoint endpoint, String path, Query query, HttpRequest request, Consumer<HttpResponse> answer) {
        switch (endpoint) {
            case BEGIN -> begin(name(endpoint, path), query, request, answer);
            case COMPLETE ->
                harness.complete(ref(endpoint, path, query, request), payload(request), reply -> {
                    answer.accept(Answers.durable(reply));
                });
            case FAIL ->
                harness.fail(ref(endpoint, path, query, request), text(request), reply -> {
                    answer.accept(Answers.durable(reply));
                });
            case RESOLVE ->
                harness.resolve(ref(endpoint, path, query, request), query.flag("happened"), text(request), reply -> {
                    answer.accept(Answers.durable(reply));
                });
            case STEP_USAGE ->
                harness.used(
                        ref(endpoint, path, query, request),
                        reportName(request),
                        UsageBody.read(request.body()),
                        reply -> answer.accept(Answers.noted(reply)));
            case USAGE ->
                harness.used(reportName(request), UsageBody.read(request.body()), reply -> {
                    answer.accept(Answers.durable(reply));
                });
            case OUTPUT ->
                harness.output(payload(request), reply -> {
                    answer.accept(Answers.durable(reply));
                });
            case SECRETS -> answer.accept(shut().orElseGet(() -> Answers.secrets(harness.secrets())));
            case SECRET -> answer.accept(secret(Query.decoded(endpoint.secretName(path), false)));
            case INPUT -> answer.accept(resumed(resume -> Answers.payload(resume.input())));
            case RUN -> answer.accept(resumed(resume -> Answers.json(ResumeDocument.of(harness, resume))));
        }
    }

    private void begin(String name, Query query, HttpRequest request, Consumer<HttpResponse> answer) {
        StepAsk ask = new StepAsk(
                name,
                query.text("key"),
                Effect.ofWireName(query.text("effect").orElse(Effect.IDEMPOTENT.wireName())),
                request.body().length == 0 ? Optional.empty() : Optional.of(payload(request)),
                query.number("reserve_tokens"),
                token(request));
        harness.begin(ask, reply -> answer.accept(Answers.begun(reply)));
    }

    private HttpResponse secret(String name) {
        return shut().orElseGet(() -> harness.secrets().stream()
                .filter(secret -> secret.name().equals(name))
                .findFirst()
                .map(Answers::secret)
                .orElseGet(Answers::noSuchSecret));
    }

    /** Why nothing is told; empty if something is. */
    private Optional<HttpResponse> shut() {
        return harness.closed().map(Answers::problem);
    }

    /** Also after the end: what the run was begun with does not change. */
    private HttpResponse resumed(java.util.function.Function<GatewayReply.Resume, HttpResponse> answer) {
        return harness.resume().map(answer).or(this::shut).orElseThrow();
    }

    private static StepRef ref(Endpoint endpoint, String path, Query query, HttpRequest request) {
        return new StepRef(
                name(endpoint, path),
                query.text("key"),
                (int) Math.min(query.number("occurrence"), Integer.MAX_VALUE),
                request.headers().single("lantern-step-key"));
    }

    private static String name(Endpoint endpoint, String path) {
        return Query.decoded(endpoint.stepName(path), false);
    }

    private static Payload payload(HttpRequest request) {
        return Payload.of(BodyType.of(request.headers().single("content-type"), request.body()), request.body());
    }

    private static String text(HttpRequest request) {
        String text = new String(request.body(), StandardCharsets.UTF_8);
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static Optional<String> token(HttpRequest request) {
        Optional<String> token = request.headers().single("idempotency-key");
        if (token.isPresent() && (token.get().isEmpty() || token.get().length() > MAX_RETRY_TOKEN)) {
            throw new LanternException("an Idempotency-Key has 1 to " + MAX_RETRY_TOKEN + " characters");
        }
        return token;
    }

    private String reportName(HttpRequest request) {
        return token(request).orElseGet(() -> "unnamed-" + HexFormat.of().formatHex(reportNames.get()));
    }
}
