package dev.lantern.agent.harness.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Opening;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoopbackApiTest {
    private static final StepId CHARGE = StepId.occurrence("charge", 1);

    private final ModelOwner owner = new ModelOwner()
            .doubting(CHARGE, Effect.AT_MOST_ONCE)
            .recording(
                    StepId.occurrence("summarise", 1),
                    Opening.of("application/json", new byte[32], "\"short\"".getBytes(StandardCharsets.UTF_8)))
            .granting("API_KEY", "canary 1")
            .granting("DB_PASSWORD", "canary 2");
    private final LoopbackFixture f = new LoopbackFixture(owner);

    @AfterEach
    void close() {
        f.close();
        assertThat(f.failures).isEmpty();
    }

    @Test
    void recorded_step_answers_its_result_as_it_was() throws IOException {
        assertThat(f.ask("POST", "/v1/steps/summarise/begin", "", ""))
                .startsWith("HTTP/1.1 200 OK")
                .contains("content-type: application/json\r\n")
                .endsWith("\r\n\r\n\"short\"");
    }

    @Test
    void new_step_answers_the_key_to_give_to_the_world() throws IOException {
        assertThat(f.ask("POST", "/v1/steps/fetch/page/begin?effect=pure&key=p%201", "", "{\"page\":1}"))
                .startsWith("HTTP/1.1 201 Created")
                .contains("lantern-step-key: key/fetch/page[p_1]\r\n", "lantern-attempt: 1\r\n")
                .endsWith("\r\n\r\nkey/fetch/page[p_1]");
        assertThat(f.ask("POST", "/v1/steps/fetch/page/complete?key=p+1", "", "<html>"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("\"durable\":true");
        assertThat(owner.results().get(StepId.keyed("fetch/page", "p 1")).mediaType())
                .isEqualTo("text/plain; charset=utf-8");
    }

    @Test
    void body_without_a_type_of_its_own_is_json_text_or_bytes() {
        assertThat(type("{\"a\":1}")).isEqualTo("application/json");
        assertThat(type("42")).isEqualTo("application/json");
        assertThat(type("{\"a\":1} x")).isEqualTo("text/plain; charset=utf-8");
        assertThat(type("hello")).isEqualTo("text/plain; charset=utf-8");
        assertThat(type("")).isEqualTo("text/plain; charset=utf-8");
        assertThat(BodyType.of(java.util.Optional.empty(), new byte[] {(byte) 0xff}))
                .isEqualTo("application/octet-stream");
        assertThat(BodyType.of(java.util.Optional.of("image/png"), new byte[1])).isEqualTo("image/png");
    }

    @Test
    void step_in_doubt_is_told_in_words_and_settled() throws IOException {
        assertThat(f.ask("POST", "/v1/steps/charge/begin?effect=at_most_once", "", ""))
                .startsWith("HTTP/1.1 409 ")
                .contains("\"code\":\"step-in-doubt\"", "\"idempotencyKey\":\"key/charge#1\"")
                .contains("Instance 1 began step charge#1 and ended before saying how it went.")
                .contains("POST /v1/steps/charge/resolve?occurrence=1&happened=true|false");
        assertThat(f.ask("GET", "/v1/run", "", "")).contains("\"inDoubt\":[{\"effect\":\"at_most_once\"");
        assertThat(f.ask("POST", "/v1/steps/charge/resolve?occurrence=1&happened=true", "", "the bank says so"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(f.ask("GET", "/v1/run", "", "")).contains("\"inDoubt\":[]");
        assertThat(f.ask("POST", "/v1/steps/charge/begin?effect=at_most_once", "", ""))
                .startsWith("HTTP/1.1 202 ")
                .endsWith("key/charge#1");
        assertThat(f.ask("POST", "/v1/steps/charge/complete", "", "receipt 7")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void same_step_with_another_input_is_refused() throws IOException {
        f.ask("POST", "/v1/steps/a/begin", "", "one");
        f.ask("POST", "/v1/steps/a/fail", "", "io");

        assertThat(f.ask("POST", "/v1/steps/a/begin", "", "two"))
                .startsWith("HTTP/1.1 409 ")
                .contains("\"code\":\"diverged\"");
    }

    @Test
    void usage_travels_with_the_step_or_alone() throws IOException {
        String usage = "{\"provider\":\"p\",\"model\":\"m\",\"inputTokens\":10,\"outputTokens\":2}";
        f.ask("POST", "/v1/steps/a/begin", "", "");
        assertThat(f.ask("POST", "/v1/steps/a/usage", "Idempotency-Key: c1\r\n", usage))
                .startsWith("HTTP/1.1 202 ")
                .contains("\"durable\":false");
        f.ask("POST", "/v1/steps/a/usage", "Idempotency-Key: c1\r\n", usage);
        f.ask("POST", "/v1/steps/a/complete", "", "x");
        assertThat(owner.completions().get(0).record().usage()).hasSize(1);

        assertThat(f.ask("POST", "/v1/usage", "Idempotency-Key: c2\r\n", "[" + usage + "," + usage + "]"))
                .startsWith("HTTP/1.1 200 ");
        f.ask("POST", "/v1/usage", "Idempotency-Key: c2\r\n", usage);
        assertThat(owner.reports()).isEqualTo(1);
        assertThat(f.ask("POST", "/v1/usage", "", "{\"provider\":\"p\",\"tokens\":1}"))
                .startsWith("HTTP/1.1 400 ")
                .contains("\\\"tokens\\\" is unknown");
    }

    @Test
    void input_and_output_are_raw_bytes() throws IOException {
        assertThat(f.ask("GET", "/v1/input", "", ""))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n{\"id\":4711}");
        assertThat(f.ask("POST", "/v1/output", "Content-Type: text/markdown\r\n", "# done"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(owner.output().mediaType()).isEqualTo("text/markdown");
        assertThat(f.ask("POST", "/v1/output", "Content-Type: text/markdown\r\n", "# done"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(f.ask("POST", "/v1/output", "Content-Type: text/markdown\r\n", "# other"))
                .startsWith("HTTP/1.1 409 ");
    }

    @Test
    void secret_is_given_as_bytes_that_nobody_stores() throws IOException {
        assertThat(f.ask("GET", "/v1/secrets/API_KEY", "", ""))
                .startsWith("HTTP/1.1 200 ")
                .contains("content-type: application/octet-stream\r\n", "cache-control: no-store\r\n")
                .endsWith("\r\n\r\ncanary 1");
    }

    @Test
    void secrets_are_listed_in_the_order_of_the_spec_without_their_values() throws IOException {
        assertThat(f.ask("GET", "/v1/secrets", "", ""))
                .startsWith("HTTP/1.1 200 ")
                .contains("cache-control: no-store\r\n")
                .containsPattern("\\{\"secrets\":\\[\\{\"expiresInSeconds\":(299|300),\"name\":\"API_KEY\"},"
                        + "\\{\"expiresInSeconds\":(299|300),\"name\":\"DB_PASSWORD\"}]}")
                .doesNotContain("canary");
    }

    @Test
    void secret_that_the_spec_does_not_grant_is_not_found() throws IOException {
        for (String name : List.of("OTHER", "api_key", "API_KEY/", "API%5fKEY%00", "..%2FAPI_KEY", "API_KEY%20")) {
            assertThat(f.ask("GET", "/v1/secrets/" + name, "", ""))
                    .as(name)
                    .startsWith("HTTP/1.1 404 ")
                    .contains("\"code\":\"no-such-secret\"", "GET /v1/secrets lists those that it does")
                    .doesNotContain("canary");
        }
        assertThat(f.ask("GET", "/v1/secrets/API%5FKEY", "", "")).startsWith("HTTP/1.1 200 ");
        assertThat(f.ask("GET", "/v1/secrets/", "", ""))
                .startsWith("HTTP/1.1 404 ")
                .contains("no such path");
        assertThat(f.ask("POST", "/v1/secrets/API_KEY", "", "mine")).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void secrets_of_an_instance_that_is_over_are_not_given_any_more() throws IOException {
        owner.over(Problem.Code.STALE_EPOCH);
        f.ask("POST", "/v1/steps/a/begin", "", "");

        for (String path : List.of("/v1/secrets", "/v1/secrets/API_KEY", "/v1/secrets/OTHER")) {
            assertThat(f.ask("GET", path, "", ""))
                    .startsWith("HTTP/1.1 410 ")
                    .contains("\"code\":\"stale-epoch\"")
                    .doesNotContain("canary");
        }
        assertThat(f.ask("GET", "/v1/input", "", "")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void mistakes_are_told_with_what_is_allowed() throws IOException {
        assertThat(f.ask("POST", "/v1/steps/a/begin?efect=pure", "", ""))
                .startsWith("HTTP/1.1 400 ")
                .contains("the query has a parameter that is not known here; known are key, effect, reserve_tokens");
        assertThat(f.ask("POST", "/v1/steps/a/begin?effect=none", "", ""))
                .contains("allowed are pure, idempotent, at_most_once, probe");
        assertThat(f.ask("POST", "/v1/steps/a/begin?key=x&key=y", "", "")).contains("parameter key twice");
        assertThat(f.ask("POST", "/v1/steps/a/begin?key=%zz", "", ""))
                .contains("a percent sign is not followed by two hexadecimal digits");
        assertThat(f.ask("POST", "/v1/steps/a/begin?key=%ff", "", "")).contains("not UTF-8");
        assertThat(f.ask("POST", "/v1/steps/a/begin?reserve_tokens=-1", "", "")).contains("must be a natural number");
        assertThat(f.ask("POST", "/v1/steps/a%20b/begin", "", "")).contains("a step's name is 1 to 128 characters");
        assertThat(f.ask("POST", "/v1/steps/a/resolve", "", "")).contains("parameter happened must be true or false");
        assertThat(f.ask("GET", "/v1/steps/a/begin", "", ""))
                .startsWith("HTTP/1.1 405 ")
                .contains("allow: POST");
        assertThat(f.ask("POST", "/v1/steps/begin", "", "")).startsWith("HTTP/1.1 404 ");
        assertThat(f.ask("POST", "/v2/usage", "", "")).startsWith("HTTP/1.1 404 ");
        assertThat(f.ask("POST", "/v1/steps/a/complete", "", "x"))
                .startsWith("HTTP/1.1 409 ")
                .contains("no step named \\\"a\\\" was begun in this instance");
        assertThat(f.ask("POST", "/v1/steps/a/begin", "Idempotency-Key: " + "x".repeat(201) + "\r\n", ""))
                .contains("an Idempotency-Key has 1 to 200 characters");
    }

    @Test
    void pipelined_requests_are_answered_in_their_order() throws IOException {
        String begin = "POST /" + f.token() + "/v1/steps/a/begin HTTP/1.1\r\nHost: " + f.host() + "\r\n\r\n";
        String complete = "POST /" + f.token() + "/v1/steps/a/complete HTTP/1.1\r\nHost: " + f.host()
                + "\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\none\r\n2\r\n!!\r\n0\r\nTrailer: t\r\n\r\n";
        String answers = f.exchange(begin + complete + begin + f.request("GET", "/v1/input", "", ""));

        assertThat(answers)
                .matches("(?s)HTTP/1.1 201 .*HTTP/1.1 200 .*\"durable\":true.*HTTP/1.1 201 .*HTTP/1.1 200 .*4711.*");
        assertThat(owner.results().get(StepId.occurrence("a", 1)).bytes())
                .isEqualTo("one!!".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void client_that_expects_to_be_asked_for_its_body_is_asked() throws IOException {
        try (Socket socket = f.connect()) {
            String head = "POST /" + f.token() + "/v1/output HTTP/1.1\r\nHost: " + f.host()
                    + "\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            byte[] asked = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
            assertThat(new String(asked, StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write("done".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(LoopbackFixture.readAll(socket)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void stranger_who_expects_to_be_asked_is_not_asked() throws IOException {
        String head = "POST /x/v1/output HTTP/1.1\r\nHost: " + f.host()
                + "\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
        assertThat(f.exchange(head)).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void completion_of_an_agent_that_hung_up_is_durable_and_answered_to_its_repeat() throws Exception {
        f.ask("POST", "/v1/steps/a/begin", "", "");
        try (Socket socket = f.connect()) {
            socket.getOutputStream()
                    .write(f.request("POST", "/v1/steps/a/complete", "Lantern-Step-Key: key/a#1\r\n", "result")
                            .getBytes(StandardCharsets.ISO_8859_1));
        }
        String repeat = f.ask("POST", "/v1/steps/a/complete", "Lantern-Step-Key: key/a#1\r\n", "result");

        assertThat(repeat).startsWith("HTTP/1.1 200 ").contains("\"durable\":true");
        assertThat(owner.completions()).hasSize(1);
    }

    private static String type(String body) {
        return BodyType.of(
                java.util.Optional.of("application/x-www-form-urlencoded"), body.getBytes(StandardCharsets.UTF_8));
    }
}
