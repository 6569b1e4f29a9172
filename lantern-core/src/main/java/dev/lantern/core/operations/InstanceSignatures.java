package dev.lantern.core.operations;

import dev.lantern.core.engine.Signatures;
import dev.lantern.core.event.EventData;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;

/** Checks, event by event, what instances signed, under the keys that they enrolled in the same chain. One thread. */
final class InstanceSignatures {
    private static final String ENROLLED = "instance_enrolled";
    private static final String STEP = "step_completed";
    private static final String OUTPUT = "result_ready";

    private final Signatures signatures;
    private final EventData data;
    private final TreeMap<Integer, String> keys = new TreeMap<>();

    InstanceSignatures(Signatures signatures, EventData data) {
        this.signatures = signatures;
        this.data = data;
    }

    /** What is wrong with this event's signature; empty if nothing is, or the event has none. */
    Optional<String> flaw(EventEnvelope event) {
        return switch (event.kind()) {
            case ENROLLED, STEP, OUTPUT -> {
                try {
                    yield flaw(event, data.read(event.kind(), event.version(), event.data()));
                } catch (LanternException e) {
                    yield Optional.of("what it holds cannot be read");
                }
            }
            default -> Optional.empty();
        };
    }

    private Optional<String> flaw(EventEnvelope envelope, RunEvent event) {
        if (event instanceof RunEvent.InstanceEnrolled enrolled) {
            return keys.putIfAbsent(envelope.epoch(), enrolled.publicKey()) == null
                    ? Optional.empty()
                    : Optional.of("a second key of epoch " + envelope.epoch());
        } else if (event instanceof RunEvent.StepCompleted step) {
            return flaw(
                    envelope,
                    step.record().run(),
                    step.record().epoch(),
                    step.record().signedBytes(),
                    step.signature());
        } else if (event instanceof RunEvent.ResultReady output) {
            return flaw(
                    envelope,
                    output.record().run(),
                    output.record().epoch(),
                    output.record().signedBytes(),
                    output.signature());
        }
        return Optional.empty();
    }

    private Optional<String> flaw(EventEnvelope envelope, RunRef run, int epoch, byte[] signed, String signature) {
        String key = keys.get(envelope.epoch());
        if (!run.equals(envelope.run()) || epoch != envelope.epoch()) {
            return Optional.of("a record of another run or epoch");
        } else if (key == null) {
            return Optional.of("a record of epoch " + epoch + ", which never enrolled");
        } else if (!signatures.verify(key, signed, HexFormat.of().parseHex(signature))) {
            return Optional.of("the record is not signed by the key of epoch " + epoch);
        }
        return Optional.empty();
    }
}
