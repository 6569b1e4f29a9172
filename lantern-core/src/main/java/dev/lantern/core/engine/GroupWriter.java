package dev.lantern.core.engine;

import dev.lantern.core.turns.Lane;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: whatever waits when the lane comes free becomes one call. There is no linger; one caller alone
 * is written at once, many share.
 *
 * <p>An entry is answered only with something definite. After an exception nothing is known, so the entries are
 * written again one by one, with a growing pause, until the backend says what stands; entries are recognised by
 * their place and hash, so writing again is safe, and a poisonous entry harms only itself. Thread-safe.
 */
final class GroupWriter<T, R> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final Lane lane;
    private final Loop home;
    private final int most;
    private final Function<T, Object> run;
    private final Function<List<T>, List<R>> backend;
    private final Object lock = new Object();
    private final ArrayDeque<Entry<T, R>> waiting = new ArrayDeque<>();
    private boolean writing;
    private boolean closed;

    /**
     * @param home where pauses are timed
     * @param most how many entries make one call at most
     * @param run what an entry writes to; a call holds each at most once
     * @param backend one call; may throw, and then nothing is known
     */
    GroupWriter(
            String name, Lane lane, Loop home, int most, Function<T, Object> run, Function<List<T>, List<R>> backend) {
        this.name = name;
        this.lane = lane;
        this.home = home;
        this.most = most;
        this.run = run;
        this.backend = backend;
    }

    /** Writes {@code entry} and then runs {@code done} on {@code loop}; never, once this writer is closed. */
    void write(T entry, Loop loop, Consumer<R> done) {
        add(new Entry<>(entry, loop, done));
    }

    /** Drops what waits. A call that is under way is not undone, and its answers are not given. */
    void close() {
        synchronized (lock) {
            closed = true;
            waiting.clear();
        }
    }

    private void add(Entry<T, R> entry) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            waiting.add(entry);
            if (writing) {
                return;
            }
            writing = true;
        }
        writeNext();
    }

    private void writeNext() {
        lane.call(home, this::writeGroup, this::groupWritten);
    }

    private Group<T, R> writeGroup() {
        Group<T, R> group = take();
        if (group.entries.isEmpty()) {
            // Closed since the call was asked for.
            return group;
        }
        try {
            List<R> results = backend.apply(
                    group.entries.stream().map(entry -> entry.content).toList());
            group.deliver(results);
        } catch (RuntimeException e) {
            group.failure = e;
        }
        return group;
    }

    private void groupWritten(Outcome<Group<T, R>> outcome) {
        if (outcome instanceof Outcome.Value<Group<T, R>> written) {
            Group<T, R> group = written.value();
            if (group.failure != null) {
                LOG.warn(
                        "{}: a call for {} entries failed, each is tried alone",
                        name,
                        group.entries.size(),
                        group.failure);
                group.entries.forEach(this::again);
            }
        } else if (outcome instanceof Outcome.Failure<Group<T, R>> failure) {
            LOG.warn("{}: the lane took no call; what waits is tried again", name, failure.cause());
            home.later(FIRST_PAUSE, this::writeNext);
            return;
        }
        synchronized (lock) {
            writing = !waiting.isEmpty();
            if (!writing) {
                return;
            }
        }
        writeNext();
    }

    private void again(Entry<T, R> entry) {
        entry.failures++;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(entry.failures - 1, 10));
        home.later(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause, () -> add(entry));
    }

    /**
     * As many as fit, up to the second one of some run. An entry that failed before goes alone, so that it cannot harm
     * others again.
     */
    private Group<T, R> take() {
        synchronized (lock) {
            Group<T, R> group = new Group<>();
            Set<Object> runs = new LinkedHashSet<>();
            while (!waiting.isEmpty() && group.entries.size() < most) {
                boolean suspect = waiting.peek().failures > 0;
                if (suspect && !group.entries.isEmpty() || !runs.add(run.apply(waiting.peek().content))) {
                    break;
                }
                group.entries.add(waiting.remove());
                if (suspect) {
                    break;
                }
            }
            return group;
        }
    }

    private static final class Entry<T, R> {
        private final T content;
        private final Loop loop;
        private final Consumer<R> done;
        private int failures;

        Entry(T content, Loop loop, Consumer<R> done) {
            this.content = content;
            this.loop = loop;
            this.done = done;
        }
    }

    private static final class Group<T, R> {
        private final List<Entry<T, R>> entries = new ArrayList<>();
        private @org.jspecify.annotations.Nullable RuntimeException failure;

        void deliver(List<R> results) {
            if (results.size() != entries.size()) {
                throw new IllegalStateException(
                        "the backend answered " + results.size() + " of " + entries.size() + " entries");
            }
            for (int i = 0; i < results.size(); i++) {
                Entry<T, R> entry = entries.get(i);
                R result = results.get(i);
                entry.loop.run(() -> entry.done.accept(result));
            }
        }
    }
}
