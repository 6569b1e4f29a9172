package dev.lantern.testkit.sim;

import dev.lantern.core.format.Chain;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The journal as an older host reads it: events of one kind are of a version that it does not know. Only reads of whole
 * chains show it, which is where a host folds.
 */
final class OlderReads extends ForwardingJournal {
    private static final int NEWER = 1_000;

    private final String kind;
    /** Where chains end that are read in pages. */
    private final Map<Long, Head> read = new LinkedHashMap<>();

    OlderReads(Journal inner, String kind) {
        super(inner);
        this.kind = kind;
    }

    @Override
    public List<Event> read(long key, long afterSeq, int max, Duration within) {
        List<Event> events = super.read(key, afterSeq, max, within);
        if (max == 1) {
            return events;
        }
        List<Event> older = new ArrayList<>();
        for (Event event : events) {
            EventEnvelope envelope = EventEnvelope.parse(event.bytes());
            Head before = event.seq() == 1
                    ? Chain.genesis(envelope.run())
                    : Optional.ofNullable(read.get(key)).orElseThrow();
            byte[] bytes = envelope.kind().equals(kind) ? newer(envelope) : event.bytes();
            Head head = Chain.append(before, bytes);
            read.put(key, head);
            older.add(new Event(event.seq(), bytes, head.hash(), event.erasable()));
        }
        return older;
    }

    private static byte[] newer(EventEnvelope event) {
        return new EventEnvelope(
                        NEWER, event.kind(), event.run(), event.seq(), event.epoch(), event.time(), event.data())
                .bytes();
    }
}
