package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.Chain;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads chains and payloads back. Blocks; called in lanes and by the threads of callers. Thread-safe. */
final class ChainReader {
    private static final int PAGE = 20_000;

    private final Journal journal;
    private final ChainScribe scribe;
    private final EventCache cache;
    private final Duration within;

    ChainReader(Journal journal, ChainScribe scribe, EventCache cache, Duration within) {
        this.journal = journal;
        this.scribe = scribe;
        this.cache = cache;
        this.within = within;
    }

    /** Folds a whole chain, recomputing every link; what the agent may ask for again is cached on the way. */
    Folded fold(RunRow row) {
        RunRef run = row.run();
        Head head = Chain.genesis(run);
        RunState state = null;
        List<Event> page;
        do {
            page = journal.read(row.key(), head.seq(), PAGE, within);
            for (Event event : page) {
                ChainScribe.Read read = scribe.read(run, head, event);
                state = state == null
                        ? RunState.first(run, read.event(), read.envelope().time())
                        : state.apply(read.event(), event.seq(), read.envelope().time());
                head = new Head(event.seq(), event.hash());
                if (event.erasable().isPresent()) {
                    cache.put(row.key(), event);
                }
            }
        } while (page.size() == PAGE);
        if (state == null) {
            throw new LanternException("run " + run + " has a row and no event; its journal is damaged");
        }
        return new Folded(row, state, head);
    }

    /** The event at this place and the openings beside it. */
    Placed at(RunRef run, long key, long seq) {
        Event row = cache.get(key, seq).orElseGet(() -> load(run, key, seq));
        RunEvent event = scribe.readUnchained(row);
        return new Placed(event, scribe.openings(run, row, event));
    }

    /** Whether the chain passes through this place; without a hash, whether it is that long. Never from the cache. */
    boolean holds(long key, long seq, Optional<Digest> hash) {
        List<Event> events = journal.read(key, seq - 1, 1, within);
        return !events.isEmpty()
                && events.get(0).seq() == seq
                && hash.map(events.get(0).hash()::equals).orElse(true);
    }

    private Event load(RunRef run, long key, long seq) {
        List<Event> events = journal.read(key, seq - 1, 1, within);
        if (events.isEmpty() || events.get(0).seq() != seq) {
            throw new LanternException(
                    "run " + run + " has no event " + seq + " though its chain is longer; its journal is damaged");
        }
        return events.get(0);
    }

    /** The payload in this form, wherever it stands; empty if only its salt was kept. */
    Optional<Opening> open(RunRef run, long key, StoredOpening stored, Commitment commitment) {
        if (stored instanceof StoredOpening.Inline inline) {
            return Optional.of(inline.opening());
        } else if (stored instanceof StoredOpening.Elsewhere elsewhere) {
            return journal.kept(key, commitment, within)
                    .map(kept -> scribe.erasables().open(run, elsewhere, kept, commitment));
        }
        return Optional.empty();
    }

    /** An event and the openings beside it; none once they were erased. */
    record Placed(RunEvent event, List<StoredOpening> openings) {
        List<Commitment> commitments() {
            return Payloads.commitments(event);
        }
    }
}
