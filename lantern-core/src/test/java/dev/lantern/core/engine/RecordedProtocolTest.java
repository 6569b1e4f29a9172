package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.identity.StrictSignatures;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole conversations, kept as the version of the protocol spoke that made them: a harness of that version is answered by
 * today's host as it was by its own. A kept file is never written anew; {@code -Dlantern.protocol.record=true} writes that of
 * today's version, once, before the next one begins.
 */
class RecordedProtocolTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final Path FOLDER = Path.of("src/test/resources/dev/lantern/core/engine");

    /** One call and what came back. */
    private record Exchange(String path, String body, int status, String reply) {
        @Override
        public String toString() {
            return path + "\n" + body + "\n" + status + "\n" + reply + "\n";
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void harness_of_an_earlier_version_is_answered_as_by_its_own_host(int version) throws IOException {
        TestCluster cluster = new TestCluster();
        Host host = cluster.join("http://127.0.0.1:7410");
        cluster.spawn(host, RUN.run());

        List<Exchange> kept = read(version);
        assertThat(kept).hasSizeGreaterThan(10);
        for (Exchange exchange : kept) {
            GatewayCall call = WireCodec.readCall(
                    CallPath.parse(exchange.path()), exchange.body().getBytes(StandardCharsets.UTF_8));
            assertThat(unhashed(answered(cluster, host, call))).isEqualTo(unhashed(exchange));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void answers_of_an_earlier_version_are_understood(int version) throws IOException {
        for (Exchange exchange : read(version)) {
            GatewayReply reply =
                    WireCodec.readReply(exchange.status(), exchange.reply().getBytes(StandardCharsets.UTF_8));
            assertThat(new String(WireCodec.write(reply), StandardCharsets.UTF_8))
                    .isEqualTo(exchange.reply());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void signatures_of_an_earlier_version_still_verify(int version) throws IOException {
        StrictSignatures signatures = new StrictSignatures();
        String key = "";
        int verified = 0;
        for (Exchange exchange : read(version)) {
            GatewayCall call = WireCodec.readCall(
                    CallPath.parse(exchange.path()), exchange.body().getBytes(StandardCharsets.UTF_8));
            if (call instanceof GatewayCall.Enrol enrol && exchange.status() == 200) {
                key = HexFormat.of().formatHex(enrol.publicKey());
            } else if (call instanceof GatewayCall.Complete complete) {
                assertThat(signatures.verify(key, complete.record().signedBytes(), complete.signature()))
                        .isTrue();
                verified++;
            } else if (call instanceof GatewayCall.Output output) {
                assertThat(signatures.verify(key, output.record().signedBytes(), output.signature()))
                        .isTrue();
                verified++;
            }
        }
        assertThat(verified).isGreaterThanOrEqualTo(2);
    }

    @Test
    void today_s_version_is_recorded_when_asked_for() throws IOException {
        if (!Boolean.getBoolean("lantern.protocol.record")) {
            return;
        }
        TestCluster cluster = new TestCluster();
        Host host = cluster.join("http://127.0.0.1:7410");
        cluster.spawn(host, RUN.run());
        StringBuilder file = new StringBuilder();
        for (GatewayCall call : conversation()) {
            file.append(answered(cluster, host, call)).append('\n');
        }
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve("protocol-" + Enrolment.NEWEST_PROTOCOL + ".txt"), file);
    }

    /** One of each call that an instance makes, and some that are refused. */
    private static List<GatewayCall> conversation() {
        JdkInstanceSigner signer = JdkInstanceSigner.generate();
        StepId plan = StepId.occurrence("plan", 1);
        StepId charge = StepId.keyed("charge", "order-7");
        StepRecord planned = new StepRecord(
                RUN,
                1,
                plan,
                Effect.IDEMPOTENT,
                Optional.of(RunFixture.opening("ticket").commitment()),
                RunFixture.opening("a plan").commitment(),
                List.of(ModelUsage.of("provider", "model", 10, 20)));
        OutputRecord output =
                new OutputRecord(RUN, 1, RunFixture.opening("done").commitment());
        List<GatewayCall> calls = new ArrayList<>();
        calls.add(new GatewayCall.Begin(RUN, 1, plan, Effect.IDEMPOTENT, Optional.empty(), 0));
        calls.add(new GatewayCall.Enrol(
                RUN, 1, signer.publicKey(), Enrolment.NEWEST_PROTOCOL, Enrolment.NEWEST_PROTOCOL));
        calls.add(new GatewayCall.Enrol(RUN, 1, new byte[32], Enrolment.NEWEST_PROTOCOL, Enrolment.NEWEST_PROTOCOL));
        calls.add(new GatewayCall.Heartbeat(RUN, 1, 0, Optional.empty()));
        calls.add(
                new GatewayCall.Begin(RUN, 1, plan, Effect.IDEMPOTENT, Optional.of(RunFixture.opening("ticket")), 100));
        GatewayCall complete = new GatewayCall.Complete(
                RUN,
                1,
                planned,
                signer.sign(planned.signedBytes()),
                Optional.of(RunFixture.opening("ticket")),
                RunFixture.opening("a plan"));
        calls.add(complete);
        calls.add(complete);
        calls.add(new GatewayCall.Begin(RUN, 1, plan, Effect.IDEMPOTENT, Optional.of(RunFixture.opening("ticket")), 0));
        calls.add(new GatewayCall.Begin(
                RUN, 1, plan, Effect.IDEMPOTENT, Optional.of(RunFixture.opening("another ticket")), 0));
        calls.add(new GatewayCall.Begin(RUN, 1, charge, Effect.AT_MOST_ONCE, Optional.empty(), 0));
        calls.add(new GatewayCall.Fail(RUN, 1, charge, 1, "java.io.IOException"));
        calls.add(new GatewayCall.Resolve(RUN, 1, charge, 1, true, "the bank says so"));
        calls.add(new GatewayCall.Report(RUN, 1, "report-1", List.of(ModelUsage.of("provider", "model", 1, 2))));
        calls.add(new GatewayCall.Unreachable(RUN, 1, "http://127.0.0.1:1", 3, Duration.ofSeconds(20)));
        calls.add(
                new GatewayCall.Output(RUN, 1, output, signer.sign(output.signedBytes()), RunFixture.opening("done")));
        calls.add(new GatewayCall.Heartbeat(RUN, 1, 0, Optional.empty()));
        return calls;
    }

    private static Exchange answered(TestCluster cluster, Host host, GatewayCall call) {
        GatewayReply reply = cluster.call(host, call);
        return new Exchange(
                CallPath.of(call).toString(),
                new String(WireCodec.write(call), StandardCharsets.UTF_8),
                WireCodec.status(reply),
                new String(WireCodec.write(reply), StandardCharsets.UTF_8));
    }

    /** A hash is over all events before it, and events may learn to say more. */
    private static String unhashed(Exchange exchange) {
        return exchange.toString().replaceAll("\"hash\":\"[0-9a-f]{64}\"", "\"hash\":\"…\"");
    }

    private static List<Exchange> read(int version) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (String block :
                Files.readString(FOLDER.resolve("protocol-" + version + ".txt")).split("\n\n")) {
            String[] lines = block.strip().split("\n", -1);
            exchanges.add(new Exchange(lines[0], lines[1], Integer.parseInt(lines[2]), lines[3]));
        }
        return exchanges;
    }
}
