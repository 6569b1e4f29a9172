package dev.lantern.benchmarks;

import dev.lantern.agent.Effect;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.Opening;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** An instance that begins and completes steps, each call when the one before is answered. One thread at a time. */
final class StepCaller {
    private static final byte[] PAYLOAD = "x".repeat(200).getBytes(StandardCharsets.UTF_8);

    /** When a call is made. */
    interface Pace {
        /**
         * Returns when it is time.
         *
         * @param call the caller's own count of its calls, from 0
         * @return since when the call counts, by {@link System#nanoTime}
         */
        long await(int call);
    }

    private final InstanceRef instance;
    private final Ed25519PrivateKeyParameters key;
    private final InstanceConnection connection;
    private final List<HttpRequest> ready = new ArrayList<>();
    private int steps;

    StepCaller(CertifiedInstance instance, InstanceConnection connection) {
        this.instance = instance.instance();
        this.key = new Ed25519PrivateKeyParameters(instance.seed(), 0);
        this.connection = connection;
    }

    /** Makes and signs the next steps, which is a pod's work and no part of what is measured. */
    void prepare(int count) {
        ready.clear();
        for (int i = 0; i < count; i++) {
            steps++;
            StepId step = StepId.occurrence("work", steps);
            ready.add(InstanceConnection.request(new GatewayCall.Begin(
                    instance.run(), instance.epoch(), step, Effect.IDEMPOTENT, Optional.empty(), 0)));
            ready.add(InstanceConnection.request(completion(step)));
        }
    }

    /** Does what was prepared: how long each call took, in nanoseconds. */
    long[] call(Pace pace) throws IOException {
        long[] took = new long[ready.size()];
        for (int i = 0; i < took.length; i++) {
            long since = pace.await(i);
            connection.call(ready.get(i), i % 2 == 0 ? GatewayReply.RunIt.class : GatewayReply.Accepted.class);
            took[i] = System.nanoTime() - since;
        }
        return took;
    }

    private GatewayCall completion(StepId step) {
        byte[] salt = ByteBuffer.allocate(Opening.SALT_LENGTH).putInt(steps).array();
        Opening result = Opening.of("text/plain", salt, PAYLOAD);
        StepRecord record = new StepRecord(
                instance.run(),
                instance.epoch(),
                step,
                Effect.IDEMPOTENT,
                Optional.empty(),
                result.commitment(),
                List.of());
        return new GatewayCall.Complete(
                record.run(), record.epoch(), record, sign(record.signedBytes()), Optional.empty(), result);
    }

    private byte[] sign(byte[] message) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }
}
