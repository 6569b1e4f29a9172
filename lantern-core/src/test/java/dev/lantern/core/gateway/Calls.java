package dev.lantern.core.gateway;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One of each call and one of each reply. */
final class Calls {
    static final RunRef RUN = new RunRef("acme", "ticket-4711");
    static final int EPOCH = 3;
    static final String SECRET = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static final JdkInstanceSigner SIGNER = JdkInstanceSigner.generate();
    private static final Digest HASH = Digest.sha256(new byte[] {1});

    private Calls() {}

    static Opening opening(int size) {
        return Opening.of("application/octet-stream", new byte[32], new byte[size]);
    }

    static GatewayCall heartbeat() {
        return new GatewayCall.Heartbeat(RUN, EPOCH, 0, Optional.empty());
    }

    static GatewayCall output(int size) {
        Opening opening = opening(size);
        OutputRecord record = new OutputRecord(RUN, EPOCH, opening.commitment());
        return new GatewayCall.Output(RUN, EPOCH, record, SIGNER.sign(record.signedBytes()), opening);
    }

    static List<GatewayCall> each() {
        StepId step = StepId.occurrence("plan", 1);
        Opening result = Opening.of("text/plain", new byte[32], "done".getBytes(StandardCharsets.UTF_8));
        StepRecord record = new StepRecord(
                RUN,
                EPOCH,
                step,
                Effect.PURE,
                Optional.of(result.commitment()),
                result.commitment(),
                List.of(ModelUsage.of("provider", "model", 10, 20)));
        return List.of(
                new GatewayCall.Enrol(RUN, EPOCH, SIGNER.publicKey(), 1, 1),
                new GatewayCall.Begin(RUN, EPOCH, step, Effect.PURE, Optional.of(result), 100),
                new GatewayCall.Complete(
                        RUN, EPOCH, record, SIGNER.sign(record.signedBytes()), Optional.of(result), result),
                new GatewayCall.Fail(RUN, EPOCH, step, 1, "java.lang.IllegalStateException at Plan:7"),
                new GatewayCall.Resolve(RUN, EPOCH, step, 1, true, "looked it up"),
                new GatewayCall.Report(RUN, EPOCH, "report-1", List.of(ModelUsage.of("provider", "model", 10, 20))),
                output(1000),
                heartbeat());
    }

    static List<GatewayReply> eachReply() {
        StepId step = StepId.occurrence("plan", 1);
        GatewayReply.DoubtfulStep doubtful = new GatewayReply.DoubtfulStep(step, Effect.AT_MOST_ONCE, 2, 1);
        List<GatewayReply> replies = new ArrayList<>(List.of(
                new GatewayReply.Enrolled(
                        1,
                        Duration.ofSeconds(5),
                        Optional.of("http://127.0.0.1:4711"),
                        new GatewayReply.Resume(
                                opening(10),
                                List.of(new GatewayReply.CompletedStep(
                                        step, opening(3).commitment())),
                                List.of(doubtful))),
                new GatewayReply.RunIt("key", 2),
                new GatewayReply.Recorded(opening(100_000)),
                new GatewayReply.Erased(opening(5).commitment()),
                new GatewayReply.InDoubt("key", doubtful),
                new GatewayReply.Happened("key", doubtful),
                new GatewayReply.Accepted(12, HASH),
                new GatewayReply.Alive(true)));
        for (Problem.Code code : Problem.Code.values()) {
            replies.add(new GatewayReply.Refused(new Problem(
                    code,
                    "because of " + code,
                    code == Problem.Code.NOT_OWNER ? Optional.of("http://127.0.0.1:4711") : Optional.empty())));
        }
        return replies;
    }
}
