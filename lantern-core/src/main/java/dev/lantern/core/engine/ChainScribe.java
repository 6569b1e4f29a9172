package dev.lantern.core.engine;

import dev.lantern.core.engine.Decision.Recorded;
import dev.lantern.core.event.EventData;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.Chain;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.Optional;

/** Turns events into rows of a chain, and rows back into events, verifying each link. Pure; thread-safe. */
final class ChainScribe {
    private final EventData data;
    private final ErasableCodec erasables;

    ChainScribe(EventData data, ErasableCodec erasables) {
        this.data = data;
        this.erasables = erasables;
    }

    /** The row that follows {@code head}. */
    Event write(RunRef run, Head head, Recorded recorded) {
        RunEvent event = recorded.event();
        byte[] bytes = new EventEnvelope(
                        EventData.VERSION,
                        event.kind(),
                        run,
                        head.seq() + 1,
                        recorded.epoch(),
                        recorded.time(),
                        data.write(event))
                .bytes();
        Head next = Chain.append(head, bytes);
        Optional<Event.Erasable> erasable = recorded.openings().isEmpty()
                ? Optional.empty()
                : Optional.of(erasables.encode(run, next.hash(), recorded.openings()));
        return new Event(next.seq(), bytes, next.hash(), erasable);
    }

    /** A row, read: the envelope and what is in it. */
    record Read(EventEnvelope envelope, RunEvent event) {}

    /**
     * Reads the row that must follow {@code head}.
     *
     * @throws LanternException if it does not follow, naming the place
     */
    Read read(RunRef run, Head head, Event row) {
        Head next = Chain.append(head, row.bytes());
        if (row.seq() != next.seq() || !row.hash().equals(next.hash())) {
            throw new LanternException("the chain of run " + run + " is broken at event " + next.seq()
                    + ": the stored hash does not follow from the bytes; a row was changed, removed or added");
        }
        EventEnvelope envelope = EventEnvelope.parseVerified(row.bytes());
        if (!envelope.run().equals(run) || envelope.seq() != row.seq()) {
            throw new LanternException("event " + row.seq() + " of run " + run + " names itself event " + envelope.seq()
                    + " of run " + envelope.run());
        }
        return new Read(envelope, data.read(envelope.kind(), envelope.version(), envelope.data()));
    }

    /** Reads one row whose link was verified before. */
    RunEvent readUnchained(Event row) {
        EventEnvelope envelope = EventEnvelope.parseVerified(row.bytes());
        return data.read(envelope.kind(), envelope.version(), envelope.data());
    }

    /** The openings beside an event; empty once they were erased, or if there never were any. */
    List<StoredOpening> openings(RunRef run, Event row, RunEvent event) {
        return row.erasable()
                .map(erasable -> erasables.decode(run, row.hash(), erasable, Payloads.commitments(event)))
                .orElseGet(List::of);
    }

    ErasableCodec erasables() {
        return erasables;
    }
}
