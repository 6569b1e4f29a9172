package dev.lantern.core.engine;

import dev.lantern.core.turns.Lane;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: whatever waits when the lane comes free becomes one call. There is no linger; one caller alone
 * is written at once, many share. While calls succeed the lane goes from one group to the next by itself.
 *
 * <p>An entry is answered only with something definite. After an exception nothing is known, so the entries are
 * written again: they are recognised by their place and hash, so what stands is answered as a repeat and writing again is
 * safe. A group that failed comes back in halves, so that a poisonous entry ends up alone, after about twice the
 * logarithm of the group's size, and its neighbours still share their calls; alone it is tried again with growing pauses.
 * When call after call fails, the backend is taken to be away: everything waits behind one entry that is tried with
 * growing pauses, another one each time, and what has waited is written in full groups as soon as one got through.
 *
 * <p>What waits is bounded by who writes: a run has one append under way, and a host takes no more calls of instances
 * than {@link CallsInHand} lets it. Thread-safe.
 */
final class GroupWriter<T, R> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** Others use the lane as well. */
    private static final int GROUPS_IN_ONE_GO = 8;
    /** A poisonous entry of the largest group is alone after so many failures, and then something succeeds. */
    private static final int FAILURES_OF_AN_AWAY_BACKEND = 10;

    private final String name;
    private final Lane lane;
    private final Loop home;
    private final int most;
    private final Function<T, Object> run;
    private final Function<List<T>, List<R>> backend;
    private final Object lock = new Object();
    private final ArrayDeque<Entry<T, R>> waiting = new ArrayDeque<>();
    private int failuresInARow;
    private int probes;
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
        add(new Entry<>(entry, loop, done, most));
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
        go();
    }

    private void go() {
        lane.call(home, this::writeGroups, this::written);
    }

    /** In the lane. @return the group whose call failed, if one did */
    private Optional<Group<T, R>> writeGroups() {
        for (int i = 0; i < GROUPS_IN_ONE_GO; i++) {
            Group<T, R> group = take();
            if (group.entries.isEmpty()) {
                break;
            }
            try {
                group.deliver(backend.apply(
                        group.entries.stream().map(entry -> entry.content).toList()));
            } catch (RuntimeException e) {
                group.failure = e;
                return Optional.of(group);
            }
            succeeded();
        }
        return Optional.empty();
    }

    private void written(Outcome<Optional<Group<T, R>>> outcome) {
        Duration pause = Duration.ZERO;
        if (outcome instanceof Outcome.Value<Optional<Group<T, R>>> value) {
            pause = value.value().map(this::failed).orElse(Duration.ZERO);
        } else if (outcome instanceof Outcome.Failure<Optional<Group<T, R>>> failure) {
            LOG.warn("{}: the lane took no call; what waits is tried again", name, failure.cause());
            pause = FIRST_PAUSE;
        }
        synchronized (lock) {
            writing = !waiting.isEmpty();
            if (!writing) {
                return;
            }
        }
        if (pause.isZero()) {
            go();
        } else {
            home.later(pause, this::go);
        }
    }

    private void succeeded() {
        synchronized (lock) {
            if (away()) {
                // Who failed while the backend was away is suspected of nothing.
                waiting.forEach(entry -> entry.company = most);
                probes = 0;
            }
            failuresInARow = 0;
        }
    }

    private boolean away() {
        return failuresInARow >= FAILURES_OF_AN_AWAY_BACKEND;
    }

    /** @return how long everything is to wait */
    private Duration failed(Group<T, R> group) {
        synchronized (lock) {
            failuresInARow++;
            if (closed) {
                return Duration.ZERO;
            }
            if (away()) {
                LOG.warn("{}: {} calls in a row failed; trying again", name, failuresInARow, group.failure);
                group.entries.forEach(waiting::addLast);
                int failures = group.entries.stream()
                        .mapToInt(entry -> ++entry.failures)
                        .max()
                        .orElse(0);
                return pause(Math.max(probes++, failures - 1));
            }
        }
        LOG.warn("{}: a call for {} entries failed", name, group.entries.size(), group.failure);
        if (group.entries.size() == 1) {
            Entry<T, R> alone = group.entries.get(0);
            alone.company = 1;
            home.later(pause(alone.failures++), () -> add(alone));
        } else {
            halve(group.entries);
        }
        return Duration.ZERO;
    }

    private void halve(List<Entry<T, R>> entries) {
        synchronized (lock) {
            for (int i = entries.size() - 1; i >= 0; i--) {
                entries.get(i).company = (entries.size() + 1) / 2;
                waiting.addFirst(entries.get(i));
            }
        }
    }

    private static Duration pause(int before) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(before, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** As many as fit and may be together, up to the second one of some run. */
    private Group<T, R> take() {
        synchronized (lock) {
            Group<T, R> group = new Group<>();
            Set<Object> runs = new LinkedHashSet<>();
            int room = away() ? 1 : most;
            while (!waiting.isEmpty()) {
                Entry<T, R> next = waiting.peek();
                room = Math.min(room, next.company);
                if (group.entries.size() >= room || !runs.add(run.apply(next.content))) {
                    break;
                }
                group.entries.add(waiting.remove());
            }
            return group;
        }
    }

    private static final class Entry<T, R> {
        private final T content;
        private final Loop loop;
        private final Consumer<R> done;
        /** The largest group that it may be part of. */
        private int company;

        private int failures;

        Entry(T content, Loop loop, Consumer<R> done, int company) {
            this.content = content;
            this.loop = loop;
            this.done = done;
            this.company = company;
        }
    }

    private static final class Group<T, R> {
        private final List<Entry<T, R>> entries = new ArrayList<>();
        private @Nullable RuntimeException failure;

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
