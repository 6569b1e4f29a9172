package dev.lantern.core.engine;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.core.event.RunEvent;
import dev.lantern.gate.Decision.Admitted;
import dev.lantern.gate.Decision.Refused;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.Limits;
import dev.lantern.spec.SecretRef;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One run, moved by hand: every decision is taken as if its events were durable at once. */
final class RunFixture {
    static final RunRef RUN = new RunRef("acme", "ticket-4711");
    static final StepId STEP = StepId.occurrence("pay", 1);
    static final byte[] KEY = new byte[32];
    static final byte[] OTHER_KEY = {1};
    static final byte[] SIGNATURE = {7};
    static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    static final UseBy USE_BY = new UseBy(0, CREATED, Duration.ofMinutes(1));

    /** Trusts one key and one signature, whatever was signed. */
    private static final Signatures SIGNATURES = new Signatures() {
        @Override
        public boolean isKey(byte[] publicKey) {
            return publicKey.length == KEY.length;
        }

        @Override
        public boolean verify(String publicKey, byte[] message, byte[] signature) {
            return Arrays.equals(signature, SIGNATURE);
        }
    };

    private final Decisions decisions;
    private final Vitals vitals = new Vitals(CREATED);
    private int secrets;
    private RunState state;
    private long seq = 1;
    private Instant now = CREATED;

    RunFixture() {
        this(limits -> limits);
    }

    RunFixture(UnaryOperator<Limits> limits) {
        this(limits, List.of(), Optional.empty());
    }

    /** On a substrate whose instances enrol behind these checkpoints. */
    RunFixture(List<String> beforeEnrolment) {
        this(limits -> limits, beforeEnrolment, Optional.empty());
    }

    /** On a substrate whose instances have sandboxes that this judges. */
    RunFixture(List<String> beforeEnrolment, Attester attester) {
        this(limits -> limits, beforeEnrolment, Optional.of(attester));
    }

    /** Of an agent that may be given these secrets. */
    static RunFixture granted(SecretPolicy policy, SecretRef... secrets) {
        return granted(policy, limits -> limits, secrets);
    }

    static RunFixture granted(SecretPolicy policy, UnaryOperator<Limits> limits, SecretRef... secrets) {
        return new RunFixture(
                spec -> {
                    spec.limits(limits);
                    for (SecretRef secret : secrets) {
                        spec.secret(secret);
                    }
                    return spec;
                },
                List.of(),
                Optional.empty(),
                false,
                policy);
    }

    /** On a host that certifies its instances, which have passed these checkpoints and are judged by this before. */
    static RunFixture certifying(List<String> beforeEnrolment, Optional<Attester> attester) {
        return new RunFixture(spec -> spec, beforeEnrolment, attester, true, SecretPolicy.defaults());
    }

    private RunFixture(UnaryOperator<Limits> limits, List<String> beforeEnrolment, Optional<Attester> attester) {
        this(spec -> spec.limits(limits), beforeEnrolment, attester, false, SecretPolicy.defaults());
    }

    private RunFixture(
            UnaryOperator<AgentSpec.Builder> agent,
            List<String> beforeEnrolment,
            Optional<Attester> attester,
            boolean certifies,
            SecretPolicy policy) {
        decisions = new Decisions(
                EngineSettings.defaults(),
                SIGNATURES,
                beforeEnrolment,
                attester,
                certifies,
                policy,
                () -> secret(nextSecret()));
        AgentSpec spec = agent.apply(AgentSpec.builder("triage")
                        .image("registry.example/triage@sha256:" + "ab".repeat(32))
                        .isolation(Isolation.TRUSTED))
                .build();
        state = RunState.first(
                RUN,
                new RunEvent.RunCreated(
                        spec, spec.digest(), spec.digest(), opening("input").commitment(), "0".repeat(32)),
                CREATED);
    }

    private int nextSecret() {
        return ++secrets;
    }

    /** What the instance of this epoch proves itself with; one secret is drawn for each. */
    static byte[] secret(int epoch) {
        byte[] secret = new byte[32];
        secret[0] = (byte) epoch;
        return secret;
    }

    static Opening opening(String text) {
        return Opening.of("text/plain", new byte[Opening.SALT_LENGTH], text.getBytes(StandardCharsets.UTF_8));
    }

    RunState state() {
        return state;
    }

    Vitals vitals() {
        return vitals;
    }

    long seq() {
        return seq;
    }

    Instant now() {
        return now;
    }

    Decisions decisions() {
        return decisions;
    }

    RunFixture later(Duration by) {
        now = now.plus(by);
        return this;
    }

    /** Decides without moving the run. */
    Decision peek(Stimulus stimulus) {
        return decisions.decide(state, seq, vitals, stimulus, now);
    }

    Decision take(Stimulus stimulus) {
        Decision decision = peek(stimulus);
        state = decision.state();
        seq += decision.events().size();
        return decision;
    }

    // -- where a run can stand ---------------------------------------------------------------------------------

    RunFixture admitted() {
        take(new Stimulus.Tick());
        take(admission());
        return this;
    }

    /** The gate lets the next instance onto this machine. */
    static Stimulus admission() {
        return admission(Placement.onHost(Isolation.TRUSTED, HandlerKind.PROCESS));
    }

    static Stimulus admission(Placement placement) {
        return new Stimulus.GateDecided(
                new Admitted(placement, List.of(new Evidence("spec", "trusted", "laptop", Instant.EPOCH))), USE_BY);
    }

    static Stimulus refusal() {
        return new Stimulus.GateDecided(
                new Refused(
                        List.of(new Violation("boundary-missing", "spec.isolation", "none", "some", "add one")),
                        List.of()),
                USE_BY);
    }

    RunFixture running() {
        admitted();
        take(new Stimulus.Started(1));
        call(enrol(1, KEY));
        return this;
    }

    RunFixture lost() {
        int epoch = state.epoch();
        take(new Stimulus.Ended(epoch, new InstanceEnd.Lost("its node is gone")));
        return this;
    }

    /** The next instance has enrolled. */
    RunFixture resumed() {
        lost();
        later(Duration.ofMinutes(1)).take(new Stimulus.Tick());
        take(admission());
        take(new Stimulus.Started(state.epoch()));
        call(enrol(state.epoch(), KEY));
        return this;
    }

    RunFixture delivered() {
        call(output("output"));
        return this;
    }

    RunFixture tornDown() {
        for (int epoch : vitals.standing()) {
            take(new Stimulus.Stopped(epoch));
        }
        return this;
    }

    // -- calls -------------------------------------------------------------------------------------------------

    Stimulus.Called called(GatewayCall call) {
        return called(call, secret(call.epoch()));
    }

    Stimulus.Called called(GatewayCall call, byte[] secret) {
        return called(call, Proof.BySecret.of(secret));
    }

    Stimulus.Called called(GatewayCall call, Proof proof) {
        return new Stimulus.Called(reply -> {}, proof, call);
    }

    /** Makes the call and tells what it comes to. */
    String call(GatewayCall call) {
        return told(take(called(call)));
    }

    String call(GatewayCall call, Proof proof) {
        return told(take(called(call, proof)));
    }

    String call(GatewayCall call, byte[] secret) {
        return told(take(called(call, secret)));
    }

    /** The answer in words; exactly one act answers. */
    static String told(Decision decision) {
        List<String> answers = new ArrayList<>();
        for (Act act : decision.acts()) {
            if (act instanceof Act.Reply reply) {
                answers.add(told(reply.reply()));
            } else if (act instanceof Act.Accept) {
                answers.add("accepted");
            } else if (act instanceof Act.Resume) {
                answers.add("enrolled");
            } else if (act instanceof Act.Replay replay) {
                answers.add("replay of " + replay.seq());
            } else if (act instanceof Act.CompareOnceMore) {
                answers.add("compared once more");
            } else if (act instanceof Act.Certify) {
                answers.add("certification");
            } else if (act instanceof Act.IssueSecret issue) {
                answers.add("asks for " + issue.place() + " for " + issue.ttl());
            } else if (act instanceof Act.RenewSecret renew) {
                answers.add(
                        "asks for " + renew.ttl() + " more of " + renew.lease().id());
            } else if (act instanceof Act.HandOver over) {
                answers.add("hands over " + over.lease().name());
            } else if (act instanceof Act.HandOverAgain again) {
                answers.add("hands over " + again.lease().name() + " again");
            } else if (act instanceof Act.CompareInput compare) {
                answers.add("comparison with " + compare.seq());
            }
        }
        if (answers.size() != 1) {
            throw new AssertionError("one answer is right, found " + answers);
        }
        return answers.get(0);
    }

    static String told(GatewayReply reply) {
        if (reply instanceof GatewayReply.Refused refused) {
            return refused.problem().code() + ": " + refused.problem().detail();
        } else if (reply instanceof GatewayReply.RunIt run) {
            return "run it, attempt " + run.attempt();
        } else if (reply instanceof GatewayReply.InDoubt doubt) {
            return "in doubt since instance " + doubt.step().startedInEpoch() + ", attempt "
                    + doubt.step().attempt();
        } else if (reply instanceof GatewayReply.Happened) {
            return "happened";
        } else if (reply instanceof GatewayReply.Alive alive) {
            return alive.stop() ? "alive, stop" : "alive";
        }
        return reply.getClass().getSimpleName();
    }

    static GatewayCall enrol(int epoch, byte[] key) {
        return new GatewayCall.Enrol(RUN, epoch, key, 1, 1);
    }

    GatewayCall begin(Effect effect) {
        return begin(STEP, effect, 0);
    }

    GatewayCall begin(StepId step, Effect effect, long reserve) {
        return new GatewayCall.Begin(
                RUN, state.epoch(), step, effect, Optional.of(opening("input of " + step)), reserve);
    }

    GatewayCall begin(Effect effect, String input) {
        return new GatewayCall.Begin(RUN, state.epoch(), STEP, effect, Optional.of(opening(input)), 0);
    }

    GatewayCall beginWithoutInput(Effect effect) {
        return new GatewayCall.Begin(RUN, state.epoch(), STEP, effect, Optional.empty(), 0);
    }

    GatewayCall complete(Effect effect, String result) {
        return complete(STEP, effect, result, SIGNATURE);
    }

    GatewayCall complete(StepId step, Effect effect, String result, byte[] signature) {
        Opening input = opening("input of " + step);
        StepRecord record = new StepRecord(
                RUN,
                state.epoch(),
                step,
                effect,
                Optional.of(input.commitment()),
                opening(result).commitment(),
                List.of());
        return new GatewayCall.Complete(RUN, state.epoch(), record, signature, Optional.of(input), opening(result));
    }

    GatewayCall fail(int attempt) {
        return new GatewayCall.Fail(RUN, state.epoch(), STEP, attempt, "java.io.IOException");
    }

    GatewayCall resolve(int attempt, boolean happened) {
        return new GatewayCall.Resolve(RUN, state.epoch(), STEP, attempt, happened, "the bank says so");
    }

    GatewayCall output(String text) {
        return new GatewayCall.Output(
                RUN,
                state.epoch(),
                new OutputRecord(RUN, state.epoch(), opening(text).commitment()),
                SIGNATURE,
                opening(text));
    }

    GatewayCall heartbeat() {
        return new GatewayCall.Heartbeat(RUN, state.epoch(), 0, Optional.empty());
    }

    static List<String> kinds(Decision decision) {
        return decision.events().stream()
                .map(recorded -> recorded.event().kind())
                .toList();
    }

    static String keyHex() {
        return HexFormat.of().formatHex(KEY);
    }

    static Digest digest(byte[] secret) {
        return Digest.sha256(secret);
    }
}
