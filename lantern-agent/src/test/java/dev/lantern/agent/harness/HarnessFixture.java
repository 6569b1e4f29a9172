package dev.lantern.agent.harness;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A harness over a scripted transport and a manual clock. */
public final class HarnessFixture implements AgentControl {
    public static final RunRef RUN = new RunRef("acme", "ticket-4711");
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    final ManualClockwork clockwork = new ManualClockwork(42);
    final ScriptedTransport gateway = new ScriptedTransport(clockwork);
    final JdkInstanceSigner signer = JdkInstanceSigner.generate();
    final List<Credentials> taken = new ArrayList<>();
    private int callsAtFirstTaking;
    final KeptSecrets place = new KeptSecrets();
    final Harness harness = new Harness(RUN, 3, gateway, clockwork, signer, this, new Custody(this::take, place));
    final List<GatewayReply.Enrolled> released = new ArrayList<>();
    final List<String> stopped = new ArrayList<>();

    /** Answers as they arrive. */
    static final class Answers implements Consumer<GatewayReply> {
        final List<GatewayReply> all = new ArrayList<>();

        @Override
        public void accept(GatewayReply reply) {
            all.add(reply);
        }

        GatewayReply only() {
            if (all.size() != 1) {
                throw new AssertionError("expected one answer, found " + all);
            }
            return all.get(0);
        }
    }

    @Override
    public void release(GatewayReply.Enrolled enrolled) {
        released.add(enrolled);
    }

    @Override
    public void stop(String why) {
        stopped.add(why);
    }

    /** What is not accepted is said to be unusable. */
    private void take(Credentials credentials) {
        if (credentials.token().equals("unusable")) {
            throw new LanternException("the certificate is for another key");
        }
        taken.add(credentials);
        callsAtFirstTaking = taken.size() == 1 ? gateway.count() : callsAtFirstTaking;
    }

    /** Whether nothing but the enrolment had been sent when the first credentials were handed over. */
    boolean keptAtFirstCall() {
        return callsAtFirstTaking == 1;
    }

    /** Enrols with what the answer gives. */
    HarnessFixture enrolled(Optional<Credentials> credentials, String... secrets) {
        harness.start();
        GatewayReply.Enrolled plain = enrolledReply();
        gateway.last()
                .answer(new GatewayReply.Enrolled(
                        3, HEARTBEAT, Optional.empty(), plain.resume(), credentials, List.of(secrets)));
        return this;
    }

    HarnessFixture enrolled(GatewayReply.DoubtfulStep... inDoubt) {
        harness.start();
        gateway.last().answer(enrolledReply(inDoubt));
        return this;
    }

    public static GatewayReply.Enrolled enrolledReply(GatewayReply.DoubtfulStep... inDoubt) {
        Opening input = Opening.of("application/json", new byte[32], utf8("{\"id\":4711}"));
        return new GatewayReply.Enrolled(
                1, HEARTBEAT, Optional.empty(), new GatewayReply.Resume(input, List.of(), List.of(inDoubt)));
    }

    Answers begin(StepAsk ask) {
        Answers answers = new Answers();
        harness.begin(ask, answers);
        return answers;
    }

    Answers begin(String name) {
        return begin(StepAsk.named(name));
    }

    /** Begins, and is told to run. */
    HarnessFixture running(String name) {
        return running(StepAsk.named(name));
    }

    HarnessFixture running(StepAsk ask) {
        begin(ask);
        gateway.last()
                .answer(new GatewayReply.RunIt(
                        "key-of-" + ask.name() + ask.key().orElse(""), 1));
        return this;
    }

    Answers complete(String name, String result) {
        Answers answers = new Answers();
        harness.complete(StepRef.named(name), text(result), answers);
        return answers;
    }

    Answers fail(String name, String error) {
        Answers answers = new Answers();
        harness.fail(StepRef.named(name), error, answers);
        return answers;
    }

    static StepAsk keyed(String name, String key) {
        return new StepAsk(name, Optional.of(key), Effect.IDEMPOTENT, Optional.empty(), 0, Optional.empty());
    }

    static StepAsk token(String name, String token) {
        return new StepAsk(name, Optional.empty(), Effect.IDEMPOTENT, Optional.empty(), 0, Optional.of(token));
    }

    static GatewayReply.DoubtfulStep doubtful(String name) {
        return new GatewayReply.DoubtfulStep(StepId.occurrence(name, 1), Effect.AT_MOST_ONCE, 2, 4);
    }

    static GatewayReply.Accepted accepted(long seq) {
        return new GatewayReply.Accepted(seq, Digest.sha256(new byte[] {(byte) seq}));
    }

    static GatewayReply.Recorded recorded(String result) {
        return new GatewayReply.Recorded(Opening.of("text/plain", new byte[32], utf8(result)));
    }

    static Payload text(String text) {
        return Payload.of("text/plain", utf8(text));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
