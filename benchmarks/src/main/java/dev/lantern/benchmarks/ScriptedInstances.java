package dev.lantern.benchmarks;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.core.gateway.Presented;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.value.Opening;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * Instances without processes: each enrols with a key of its own, waits until all of them have, then does its
 * steps one after the other, each signed, and delivers an output. They need no thread: an answer leads to the
 * next call.
 */
final class ScriptedInstances implements Substrate, NeedsGateway {
    private final int expected;
    private final int steps;
    private final byte[] payload;
    private final boolean delivers;
    private final boolean signsAhead;
    private final CountDownLatch allSteps;
    private final Set<InstanceRef> standing = new ConcurrentSkipListSet<>();
    private final ArrayDeque<Instance> atTheGate = new ArrayDeque<>();
    private final AtomicInteger enrolled = new AtomicInteger();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong firstStepAt = new AtomicLong();
    private @Nullable GatewayDoor door;
    private @Nullable SubstrateListener listener;

    /**
     * @param expected how many instances wait for each other before the first step
     * @param delivers whether they deliver an output and end, or go on for ever behind their last step
     */
    ScriptedInstances(int expected, int steps, int payloadBytes, boolean delivers) {
        this(expected, steps, payloadBytes, delivers, false);
    }

    private ScriptedInstances(int expected, int steps, int payloadBytes, boolean delivers, boolean signsAhead) {
        this.signsAhead = signsAhead;
        this.expected = expected;
        this.steps = steps;
        this.delivers = delivers;
        this.allSteps = new CountDownLatch(expected);
        this.payload = "x".repeat(payloadBytes).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Instances that make and sign all their steps before the first of them begins: a pod's work, which a host's
     * processors do not do.
     */
    static ScriptedInstances signedAhead(int expected, int steps, int payloadBytes) {
        return new ScriptedInstances(expected, steps, payloadBytes, true, true);
    }

    /** Waits until every expected instance has had its last step acknowledged. */
    void awaitSteps() throws InterruptedException {
        allSteps.await();
    }

    /** Steps whose completion was acknowledged. */
    long completedSteps() {
        return completed.get();
    }

    /** When the last of the expected instances had enrolled, by {@link System#nanoTime}. */
    long firstStepAt() {
        return firstStepAt.get();
    }

    @Override
    public String name() {
        return "scripted instances";
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        return new HostFacts(
                name(), Instant.now(), List.of(new HostFacts.Handler(HandlerKind.PROCESS, "scripted")), List.of());
    }

    @Override
    public boolean overSockets() {
        return false;
    }

    @Override
    public void gateway(GatewayDoor chosen, String address) {
        door = chosen;
    }

    @Override
    public void open(SubstrateHost host) {
        listener = host.listener();
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        if (standing.add(start.instance())) {
            new Instance(start).enrol();
        }
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        standing.remove(instance);
        return true;
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        return List.copyOf(new TreeSet<>(standing));
    }

    @Override
    public void close() {
        standing.clear();
    }

    private void arrived(Instance instance) {
        List<Instance> ready = List.of();
        synchronized (atTheGate) {
            atTheGate.add(instance);
            if (enrolled.incrementAndGet() >= expected) {
                firstStepAt.compareAndSet(0, System.nanoTime());
                ready = List.copyOf(atTheGate);
                atTheGate.clear();
            }
        }
        ready.forEach(Instance::step);
    }

    private final class Instance {
        private final InstanceStart start;
        private final byte[] secret;
        private final Ed25519PrivateKeyParameters key;
        private final List<GatewayCall> ready = new ArrayList<>();
        private int step;

        Instance(InstanceStart start) {
            this.start = start;
            this.secret = HexFormat.of().parseHex(start.enrolmentSecret());
            // The enrolment secret is as unpredictable as a key needs to be, and saves 10,000 calls for entropy.
            this.key = new Ed25519PrivateKeyParameters(secret, 0);
        }

        void enrol() {
            for (int ahead = 1; signsAhead && ahead <= steps; ahead++) {
                ready.add(completion(ahead));
            }
            byte[] publicKey = key.generatePublicKey().getEncoded();
            call(new GatewayCall.Enrol(start.instance().run(), epoch(), publicKey, 1, 1), reply -> arrived(this));
        }

        void step() {
            if (step == steps) {
                allSteps.countDown();
                if (delivers) {
                    deliver();
                }
                return;
            }
            step++;
            call(signsAhead ? ready.get(step - 1) : completion(step), reply -> {
                completed.incrementAndGet();
                step();
            });
        }

        private GatewayCall completion(int number) {
            Opening result = opening(number);
            StepRecord record = new StepRecord(
                    start.instance().run(),
                    epoch(),
                    StepId.occurrence("work", number),
                    Effect.IDEMPOTENT,
                    Optional.empty(),
                    result.commitment(),
                    List.of());
            return new GatewayCall.Complete(
                    record.run(), epoch(), record, sign(record.signedBytes()), Optional.empty(), result);
        }

        private void deliver() {
            Opening output = opening(0);
            OutputRecord record = new OutputRecord(start.instance().run(), epoch(), output.commitment());
            call(
                    new GatewayCall.Output(record.run(), epoch(), record, sign(record.signedBytes()), output),
                    reply -> java.util.Objects.requireNonNull(listener)
                            .ended(start.instance(), new InstanceEnd.Exited(0)));
        }

        private Opening opening(int salt) {
            byte[] bytes = secret.clone();
            bytes[0] ^= (byte) salt;
            bytes[1] ^= (byte) (salt >> 8);
            return Opening.of("text/plain", bytes, payload);
        }

        private byte[] sign(byte[] message) {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(message, 0, message.length);
            return signer.generateSignature();
        }

        private int epoch() {
            return start.instance().epoch();
        }

        private void call(GatewayCall call, Consumer<GatewayReply> next) {
            java.util.Objects.requireNonNull(door).call(new Presented.Bearer(secret), call, reply -> {
                if (reply instanceof GatewayReply.Refused refused) {
                    System.err.println("refused: " + start.instance() + " " + refused.problem());
                    return;
                }
                next.accept(reply);
            });
        }
    }
}
