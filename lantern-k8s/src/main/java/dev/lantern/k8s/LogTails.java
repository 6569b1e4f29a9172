package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.SubstrateHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what agents write and tells it to the listener of the host: of instances that somebody follows, as it is written,
 * and of every instance to its end, before it is removed. For an instance that is neither followed nor drained nothing is
 * asked.
 *
 * <p>Each line is told once, whatever becomes of a request: reading goes on behind the last line that was told in this
 * process, or else behind what {@link SubstrateHost#kept} says. What the kubelet has rotated away before it was read
 * cannot be read.
 *
 * <p>Reading takes a thread for as long as it lasts. At most {@link #MOST_FOLLOWED} instances are followed at once, and as
 * many drained; more take turns, and their lines come later. Thread-safe.
 */
final class LogTails implements Drain, AutoCloseable {
    static final int MOST_FOLLOWED = 64;

    private static final Logger LOG = LoggerFactory.getLogger(LogTails.class);

    private final Around around;
    private final Object lock = new Object();
    private final Map<InstanceRef, LogTail> tails = new TreeMap<>();
    private boolean closed;

    /**
     * What all that is read has in common.
     *
     * @param following who takes a thread for what is followed
     * @param draining who takes a thread for what is read to its end, so that it need not wait for those
     * @param crowded whether it was said that too many are followed
     * @param failing whether it was said that logs cannot be read
     */
    record Around(
            ApiServer server,
            Whereabouts whereabouts,
            Function<InstanceRef, Optional<LoggedPod>> pods,
            SubstrateHost host,
            LogPace pace,
            Rota following,
            Rota draining,
            LongSupplier nanos,
            AtomicBoolean crowded,
            AtomicBoolean failing) {

        void unreadable(InstanceRef instance, String why) {
            if (failing.compareAndSet(false, true)) {
                LOG.warn(
                        "The log of {} cannot be read, perhaps others neither, and is asked for again: {}",
                        instance,
                        why);
            }
        }

        void readable() {
            failing.set(false);
        }
    }

    /**
     * @param pods the pod of an instance as it was seen last, told from memory; empty if there is none
     * @param most how many are followed at once, and how many drained
     * @param nanos what time has passed, as {@link System#nanoTime}
     */
    LogTails(
            ApiServer server,
            Whereabouts whereabouts,
            Function<InstanceRef, Optional<LoggedPod>> pods,
            SubstrateHost host,
            LogPace pace,
            int most,
            LongSupplier nanos) {
        this.around = new Around(
                server,
                whereabouts,
                pods,
                host,
                pace,
                new Rota("lantern-logs", most, host::work, nanos),
                new Rota("lantern-drain", most, host::work, nanos),
                nanos,
                new AtomicBoolean(),
                new AtomicBoolean());
    }

    /** From now on its lines are told as they are written. Repeating it does nothing. */
    void follow(InstanceRef instance) {
        tail(instance).ifPresent(LogTail::follow);
        if (!around.following().isCrowded()) {
            around.crowded().set(false);
        } else if (around.crowded().compareAndSet(false, true)) {
            LOG.warn(
                    "More instances are followed than there are threads for it ({}): they take turns, and lines come up to a"
                            + " minute late. None is lost. Follow fewer at once, or with more hosts",
                    around.following().most());
        }
    }

    /** They are not wanted any more as they are written. Those that are on their way may still be told. */
    void unfollow(InstanceRef instance) {
        known(instance).ifPresent(LogTail::unfollow);
    }

    /**
     * Begins to read to the end of what the instance's agent wrote, also if nobody followed: waits for it to end if it has
     * not, and gives up when the pod is gone or when its log cannot be read for {@link LogPace#giveUp}. If the agent never
     * started, the harness's last lines are told. Returns at once; repeating it does nothing.
     */
    @Override
    public void drain(InstanceRef instance) {
        tail(instance).ifPresent(LogTail::drain);
    }

    /** Whether that is over, one way or the other; never before {@link #drain}. */
    @Override
    public boolean drained(InstanceRef instance) {
        return known(instance).map(LogTail::isDrained).orElse(false);
    }

    /** Nothing of it stands any more, and nothing of it is remembered. */
    void forget(InstanceRef instance) {
        Optional<LogTail> tail;
        synchronized (lock) {
            tail = Optional.ofNullable(tails.remove(instance));
        }
        tail.ifPresent(LogTail::close);
    }

    /** Ends all reading. Lines that are being told are told to their end. Repeating it does nothing. */
    @Override
    public void close() {
        List<LogTail> all;
        synchronized (lock) {
            closed = true;
            all = new ArrayList<>(tails.values());
            tails.clear();
        }
        around.following().close();
        around.draining().close();
        all.forEach(LogTail::close);
    }

    private Optional<LogTail> tail(InstanceRef instance) {
        synchronized (lock) {
            return closed
                    ? Optional.empty()
                    : Optional.of(tails.computeIfAbsent(instance, missing -> new LogTail(missing, around)));
        }
    }

    private Optional<LogTail> known(InstanceRef instance) {
        synchronized (lock) {
            return Optional.ofNullable(tails.get(instance));
        }
    }
}
