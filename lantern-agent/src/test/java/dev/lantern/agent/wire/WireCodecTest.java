package dev.lantern.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WireCodecTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final StepId STEP = StepId.occurrence("charge", 2);
    private static final StepId KEYED = StepId.keyed("charge", "Größe \"7\"");
    private static final ModelUsage USAGE =
            new ModelUsage("anthropic", "m-1", 100, 20, 50, 5, Optional.of(new BigDecimal("0.0125")));
    private static final byte[] SIGNATURE = filled(64, 7);

    static Stream<GatewayCall> calls() {
        Opening in = opening("the secret");
        Opening out = opening("out");
        return Stream.of(
                new GatewayCall.Enrol(RUN, 3, filled(32, 1), 1, 2),
                new GatewayCall.Enrol(RUN, 3, filled(32, 1), 1, 2, Optional.of(inside())),
                new GatewayCall.Begin(RUN, 3, STEP, Effect.PURE, Optional.empty(), 0),
                new GatewayCall.Begin(RUN, 3, KEYED, Effect.AT_MOST_ONCE, Optional.of(in), 4096),
                new GatewayCall.Begin(
                        RUN, 3, STEP, Effect.PROBE, Optional.empty(), 0, 17, Optional.of(Digest.sha256(new byte[0]))),
                new GatewayCall.Unreachable(RUN, 3, "http://10.0.0.7:8443", 2, Duration.ofMillis(12_345)),
                new GatewayCall.Complete(RUN, 3, record(Optional.of(in), out), SIGNATURE, Optional.of(in), out),
                new GatewayCall.Complete(RUN, 3, record(Optional.empty(), out), SIGNATURE, Optional.empty(), out),
                new GatewayCall.Fail(RUN, 3, STEP, 2, "java.io.IOException at a.B.c(B.java:1)"),
                new GatewayCall.Resolve(RUN, 3, KEYED, 1, true, "the bank says so"),
                new GatewayCall.Report(RUN, 3, "report-1", List.of(USAGE, ModelUsage.of("p", "m", 0, 0))),
                new GatewayCall.Output(RUN, 3, new OutputRecord(RUN, 3, out.commitment()), SIGNATURE, out),
                new GatewayCall.Enrol(RUN, 3, filled(32, 1), 1, 3, Optional.empty(), Optional.of(SIGNATURE)),
                new GatewayCall.Renew(RUN, 3),
                new GatewayCall.Vend(RUN, 3, "GITHUB_TOKEN", "r-1"),
                new GatewayCall.RenewLease(RUN, 3, "3-r-1"),
                new GatewayCall.ReturnLease(RUN, 3, "3-r-1"),
                new GatewayCall.Heartbeat(RUN, 3, 0, Optional.empty()),
                new GatewayCall.Heartbeat(RUN, 3, 17, Optional.of(Digest.sha256(new byte[0]))));
    }

    private static InsideReport inside() {
        return new InsideReport(
                new SandboxReport("Linux version 4.4.0", "boot", true, "quiet", List.of("overlay none", "tmpfs tmp")),
                new FenceReport(true, "10.96.0.1:443,[fd00::1]:443", 3, Duration.ofMillis(1_204), ""));
    }

    private static Credentials credentials() {
        return Credentials.of(
                List.of(filled(40, 1), filled(41, 2)), "a.b.c", List.of(filled(41, 2)), Duration.ofMinutes(10));
    }

    static Stream<GatewayReply> replies() {
        Opening in = opening("in");
        GatewayReply.DoubtfulStep doubtful = new GatewayReply.DoubtfulStep(KEYED, Effect.PROBE, 2, 1);
        GatewayReply.Resume resume = new GatewayReply.Resume(
                in, List.of(new GatewayReply.CompletedStep(STEP, in.commitment())), List.of(doubtful));
        return Stream.of(
                new GatewayReply.Enrolled(1, Duration.ofSeconds(5), Optional.of("http://10.0.0.7:8443"), resume),
                new GatewayReply.Enrolled(1, Duration.ofSeconds(5), Optional.empty(), resume),
                new GatewayReply.Enrolled(
                        3,
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        resume,
                        Optional.of(credentials()),
                        List.of("GITHUB_TOKEN")),
                new GatewayReply.Renewed(credentials()),
                new GatewayReply.Vended("3-r-1", Confidential.of(new byte[] {1, 2, 3}), Duration.ofMinutes(5)),
                new GatewayReply.RunIt("key", 2),
                new GatewayReply.Recorded(in),
                new GatewayReply.Erased(new Commitment(Digest.sha256(new byte[1]))),
                new GatewayReply.InDoubt("key", doubtful),
                new GatewayReply.Happened("key", doubtful),
                new GatewayReply.Accepted(9, Digest.sha256(new byte[2])),
                new GatewayReply.Alive(true),
                new GatewayReply.Refused(
                        new Problem(Problem.Code.NOT_OWNER, "another host owns it", Optional.of("http://h:1"))));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void call_is_read_as_it_was_written(GatewayCall call) {
        CallPath path = CallPath.of(call);
        byte[] body = WireCodec.write(call);

        GatewayCall read = WireCodec.readCall(CallPath.parse(path.toString()), body);

        assertThat(read.getClass()).isEqualTo(call.getClass());
        assertThat(CallPath.of(read)).isEqualTo(path);
        assertThat(WireCodec.write(read)).isEqualTo(body);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void reply_is_read_as_it_was_written(GatewayReply reply) {
        byte[] body = WireCodec.write(reply);

        GatewayReply read = WireCodec.readReply(WireCodec.status(reply), body);

        assertThat(read).isEqualTo(reply);
        assertThat(WireCodec.write(read)).isEqualTo(body);
    }

    @ParameterizedTest
    @EnumSource(Problem.Code.class)
    void every_problem_has_its_status_and_is_read_again(Problem.Code code) {
        GatewayReply.Refused refused = new GatewayReply.Refused(Problem.of(code, "why"));

        assertThat(WireCodec.status(refused)).isEqualTo(code.status());
        assertThat(WireCodec.mediaType(refused)).isEqualTo("application/problem+json");
        assertThat(WireCodec.readReply(code.status(), WireCodec.write(refused))).isEqualTo(refused);
    }

    @Test
    void bytes_on_the_wire_are_these() {
        assertThat(text(new GatewayCall.Begin(RUN, 3, STEP, Effect.IDEMPOTENT, Optional.of(opening("hi")), 0)))
                .isEqualTo(
                        "{\"effect\":\"idempotent\",\"input\":{\"body\":\"aGk=\",\"mediaType\":\"text/plain\",\"salt\":\""
                                + "09".repeat(32)
                                + "\"},\"reserveTokens\":0,\"seq\":0,\"step\":{\"name\":\"charge\",\"occurrence\":2}}");
        assertThat(text(new GatewayCall.Heartbeat(RUN, 3, 0, Optional.empty()))).isEqualTo("{\"seq\":0}");
        assertThat(new String(
                        WireCodec.write(new GatewayReply.Refused(Problem.of(Problem.Code.STALE_EPOCH, "over"))),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"code\":\"stale-epoch\",\"detail\":\"over\",\"status\":410,\"title\":\"stale epoch\","
                        + "\"type\":\"https://lantern.dev/problems/stale-epoch\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/v1/instances/acme/r/1",
                "/v1/instances/acme/r/1/begin/x",
                "/v1/instances/acme/r/0/begin",
                "/v1/instances/acme/r/01/begin",
                "/v1/instances/acme/r/-1/begin",
                "/v1/instances/acme/r/1234567890/begin",
                "/v1/instances/acme/r%2f/1/begin",
                "/v1/instances/../r/1/begin",
                "/v1/instances//r/1/begin",
                "/V1/instances/acme/r/1/begin"
            })
    void path_of_another_form_is_refused(String path) {
        assertThatThrownBy(() -> CallPath.parse(path)).isInstanceOf(LanternException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"step\":{\"name\":\"a\",\"occurrence\":1},\"effect\":\"pure\",\"reserveTokens\":0,\"x\":1}",
                "{\"step\":{\"name\":\"a\",\"occurrence\":1,\"key\":\"k\"},\"effect\":\"pure\",\"reserveTokens\":0}",
                "{\"step\":{\"name\":\"a\",\"occurrence\":1,\"x\":1},\"effect\":\"pure\",\"reserveTokens\":0}",
                "{\"step\":{\"name\":\"a\"},\"effect\":\"pure\",\"reserveTokens\":0}",
                "{\"step\":{\"name\":\"a b\",\"occurrence\":1},\"effect\":\"pure\",\"reserveTokens\":0}",
                "{\"step\":{\"name\":\"a\",\"occurrence\":4294967297},\"effect\":\"pure\",\"reserveTokens\":0}",
                "{\"step\":{\"name\":\"a\",\"occurrence\":1},\"effect\":\"PURE\",\"reserveTokens\":0}",
                "{\"step\":{\"name\":\"a\",\"occurrence\":1},\"effect\":\"pure\",\"reserveTokens\":-1}",
                "{\"step\":{\"name\":\"a\",\"occurrence\":1},\"effect\":\"pure\",\"reserveTokens\":1.0}",
                "{\"step\":{\"name\":\"a\",\"occurrence\":1},\"effect\":\"pure\",\"reserveTokens\":0,\"effect\":\"pure\"}"
            })
    void begin_of_another_form_is_refused(String body) {
        assertThatThrownBy(() -> read("begin", body)).isInstanceOf(LanternException.class);
    }

    /** By enrol versions are agreed on: who speaks a newer one as well has to be understood as far as this one goes. */
    @Test
    void enrol_may_say_more_than_this_version_knows() {
        String body = text(new GatewayCall.Enrol(RUN, 3, filled(32, 1), 1, 2, Optional.of(inside())));

        GatewayCall.Enrol read =
                (GatewayCall.Enrol) read("enrol", "{\"colour\":{\"of\":[\"the\",\"sky\"]}," + body.substring(1));

        assertThat(text(read)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"inside\":null",
                "\"inside\":{}",
                "\"inside\":{\"sandbox\":{},\"fence\":{}}",
                "\"inside\":[]",
                "\"inside\":true"
            })
    void report_of_another_form_is_refused(String inside) {
        String body = text(new GatewayCall.Enrol(RUN, 3, filled(32, 1), 1, 2));

        assertThatThrownBy(() -> read("enrol", "{" + inside + "," + body.substring(1)))
                .isInstanceOf(LanternException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aGk", "aGk==", "aGl=", "a Gk=", "aGk=\\n", "-_==", "=", "aGk=aGk="})
    void body_in_other_base64_is_refused(String base64) {
        String body = text(new GatewayCall.Begin(RUN, 3, STEP, Effect.PURE, Optional.of(opening("hi")), 0));

        assertThatThrownBy(() -> read("begin", body.replace("aGk=", base64)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("base64");
    }

    @Test
    void record_of_another_instance_or_with_other_commitments_is_refused() {
        Opening out = opening("out");
        String complete =
                text(new GatewayCall.Complete(RUN, 3, record(Optional.empty(), out), SIGNATURE, Optional.empty(), out));

        assertThatThrownBy(() -> WireCodec.readCall(new CallPath(RUN, 4, "complete"), utf8(complete)))
                .hasMessage("the signed record names another instance than the path");
        assertThatThrownBy(() -> WireCodec.readCall(
                        new CallPath(new RunRef("other", "ticket-4711"), 3, "complete"), utf8(complete)))
                .hasMessage("the signed record names another instance than the path");
        assertThatThrownBy(() -> read("complete", complete.replace("\"b3V0\"", "\"b3V1\"")))
                .hasMessage(
                        "the record of step charge#2 commits to another input or result than the ones sent with it");
        assertThatThrownBy(() -> read("complete", complete.replace("\"0.0125\"", "\"0.01250\"")))
                .isInstanceOf(LanternException.class);
    }

    @Test
    void status_that_contradicts_its_code_is_no_answer() {
        byte[] body = WireCodec.write(new GatewayReply.Refused(Problem.of(Problem.Code.UNAVAILABLE, "x")));

        assertThatThrownBy(() -> WireCodec.readReply(410, body))
                .hasMessage("the gateway refused with code unavailable under status 410; it belongs to status 503");
        assertThatThrownBy(() -> WireCodec.readReply(502, utf8("<html>Bad Gateway</html>")))
                .isInstanceOf(LanternException.class);
        assertThatThrownBy(() -> WireCodec.readReply(200, body)).isInstanceOf(LanternException.class);
    }

    @Test
    void junk_is_refused_with_nothing_else_than_our_exception_and_shows_no_payload() {
        Random random = new Random(11);
        List<GatewayCall> calls = calls().toList();
        List<GatewayReply> replies = replies().toList();
        int refused = 0;
        int cases = 40_000;
        for (int i = 0; i < cases; i++) {
            GatewayCall call = calls.get(random.nextInt(calls.size()));
            GatewayReply reply = replies.get(random.nextInt(replies.size()));
            byte[] mutatedCall = mutated(WireCodec.write(call), random);
            byte[] mutatedReply = mutated(WireCodec.write(reply), random);
            refused += refused(() -> WireCodec.readCall(CallPath.of(call), mutatedCall));
            refused += refused(() -> WireCodec.readReply(WireCodec.status(reply), mutatedReply));
        }
        System.out.println("wire junk: " + 2 * cases + " documents, " + refused + " refused");
        assertThat(refused).isGreaterThan(cases);
    }

    private static int refused(Runnable read) {
        try {
            read.run();
            return 0;
        } catch (LanternException e) {
            assertThat(e.getMessage()).doesNotContain("the bank says so", "dGhlIHNlY3JldA");
            return 1;
        }
    }

    private static byte[] mutated(byte[] document, Random random) {
        byte[] out = document.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(3)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out = java.util.Arrays.copyOf(out, Math.max(1, at));
                default -> out[at] = (byte) "{}[]\",:0123456789abcdef\\".charAt(random.nextInt(24));
            }
        }
        return out;
    }

    private static StepRecord record(Optional<Opening> input, Opening result) {
        return new StepRecord(
                RUN, 3, STEP, Effect.IDEMPOTENT, input.map(Opening::commitment), result.commitment(), List.of(USAGE));
    }

    private static Opening opening(String text) {
        return Opening.of("text/plain", filled(32, 9), utf8(text));
    }

    private static GatewayCall read(String call, String body) {
        return WireCodec.readCall(new CallPath(RUN, 3, call), utf8(body));
    }

    private static String text(GatewayCall call) {
        return new String(WireCodec.write(call), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
