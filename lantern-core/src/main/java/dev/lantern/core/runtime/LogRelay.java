package dev.lantern.core.runtime;

import dev.lantern.core.turns.Lane;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogStore;
import dev.lantern.value.RunRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings lines from wherever they arise to the log store, without ever holding up who wrote them: what exceeds
 * the queue is dropped and counted. Thread-safe.
 */
final class LogRelay {
    private static final Logger LOG = LoggerFactory.getLogger(LogRelay.class);
    private static final int QUEUED_CHARACTERS = 4 * 1024 * 1024;

    private final LogStore store;
    private final Lane lane;
    private final Loop home;
    private final Consumer<RunRef> stored;
    private final ArrayDeque<LogEntry> waiting = new ArrayDeque<>();
    private long waitingCharacters;
    private long dropped;
    private boolean storing;
    private long taken;
    private long done;

    /** @param stored told of each run that has new lines in the store */
    LogRelay(LogStore store, Lane lane, Loop home, Consumer<RunRef> stored) {
        this.store = store;
        this.lane = lane;
        this.home = home;
        this.stored = stored;
    }

    void take(LogEntry entry) {
        synchronized (this) {
            if (waitingCharacters > QUEUED_CHARACTERS) {
                dropped++;
                return;
            }
            waiting.add(entry);
            waitingCharacters += entry.text().length();
            taken++;
            if (storing) {
                return;
            }
            storing = true;
        }
        storeNext();
    }

    /** A mark for {@link #isStored}: everything that was taken until now. */
    synchronized long mark() {
        return taken;
    }

    /** Whether everything up to the mark is in the store, or was given up. */
    synchronized boolean isStored(long mark) {
        return done >= mark;
    }

    private void storeNext() {
        lane.call(home, this::storeAll, (Outcome<List<LogEntry>> outcome) -> {
            if (outcome instanceof Outcome.Failure<List<LogEntry>> failure) {
                LOG.warn("agents' log lines could not be stored and are lost", failure.cause());
            }
            synchronized (this) {
                if (waiting.isEmpty()) {
                    storing = false;
                    return;
                }
            }
            storeNext();
        });
    }

    private List<LogEntry> storeAll() {
        List<LogEntry> entries;
        long lost;
        synchronized (this) {
            entries = new ArrayList<>(waiting);
            waiting.clear();
            waitingCharacters = 0;
            lost = dropped;
            dropped = 0;
        }
        if (lost > 0) {
            LOG.warn("{} log lines of agents came faster than they could be stored and are lost", lost);
        }
        try {
            store.append(entries);
        } finally {
            synchronized (this) {
                done += entries.size();
            }
        }
        TreeSet<RunRef> runs = new TreeSet<>();
        entries.forEach(entry -> runs.add(entry.instance().run()));
        runs.forEach(stored);
        return entries;
    }
}
