package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance's log: who wants it, how far it was told, when it is asked for again. Wishes come from any thread; {@link
 * #run} is one turn of reading, and two turns never overlap.
 */
final class LogTail implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

    private static final String HARNESS_LINES = "20";

    private enum State {
        IDLE,
        WAITING,
        READING
    }

    private final InstanceRef instance;
    private final LogTails.Around around;
    private final LogPace pace;
    private final String namespace;
    private final BackOff pauses;

    private final Object lock = new Object();
    private State state = State.IDLE;
    private boolean followed;
    private boolean draining;
    private boolean over;
    private boolean closed;
    private @Nullable Exchange current;

    // Of whoever has the turn.
    private @Nullable LogCursor cursor;
    private Optional<End> lastEnd = Optional.empty();
    private Optional<Long> failingSince = Optional.empty();

    /** Where a log seemed to end, after the agent had. */
    private record End(LogPosition position, Optional<LogText.Line> rest) {}

    LogTail(InstanceRef instance, LogTails.Around around) {
        this.instance = instance;
        this.around = around;
        this.pace = around.pace();
        this.namespace = around.whereabouts().of(instance).namespace();
        this.pauses =
                new BackOff(pace.leastPause(), pace.mostPause(), around.host().chance());
    }

    // -- wishes

    void follow() {
        synchronized (lock) {
            followed = true;
            wake();
        }
    }

    void unfollow() {
        synchronized (lock) {
            followed = false;
            if (!draining) {
                rest();
            }
        }
    }

    void drain() {
        synchronized (lock) {
            // It may wait among those who are followed, for a long time.
            if (!draining && around.following().remove(this)) {
                state = State.IDLE;
            }
            draining = true;
            wake();
        }
    }

    boolean isDrained() {
        synchronized (lock) {
            return draining && over;
        }
    }

    void close() {
        synchronized (lock) {
            closed = true;
            rest();
        }
    }

    private void wake() {
        if (state == State.IDLE && isWanted()) {
            again(Duration.ZERO);
        }
    }

    private void rest() {
        if (around.following().remove(this) || around.draining().remove(this)) {
            state = State.IDLE;
        }
        if (current != null) {
            current.cancel();
        }
    }

    private boolean isWanted() {
        return !closed && !over && (followed || draining);
    }

    private void again(Duration pause) {
        state = State.WAITING;
        (draining ? around.draining() : around.following()).in(pause, this);
    }

    // -- turns

    @Override
    public void run() {
        boolean toTheEnd;
        synchronized (lock) {
            if (!isWanted()) {
                state = State.IDLE;
                return;
            }
            state = State.READING;
            toTheEnd = draining;
        }
        Optional<Duration> pause = turn(toTheEnd);
        synchronized (lock) {
            current = null;
            over |= pause.isEmpty();
            if (isWanted()) {
                again(pause.orElseThrow());
            } else {
                state = State.IDLE;
            }
        }
    }

    /** When the next turn is; empty if there is nothing more to read. */
    private Optional<Duration> turn(boolean toTheEnd) {
        Optional<LoggedPod> seen = around.pods().apply(instance);
        if (seen.isEmpty()) {
            return toTheEnd ? gone() : Optional.of(pace.look());
        }
        LoggedPod pod = seen.get();
        if (!pod.started() && !toTheEnd) {
            return Optional.of(pace.look());
        }
        if (cursor == null) {
            try {
                cursor = new LogCursor(around.host().kept(instance));
            } catch (RuntimeException e) {
                return failed(toTheEnd, pace.giveUp(), "what is kept of it cannot be told (" + e + ")");
            }
        }
        return agent(pod, cursor, toTheEnd);
    }

    private Optional<Duration> agent(LoggedPod pod, LogCursor cursor, boolean toTheEnd) {
        LogReader reader = new LogReader(cursor, this::tell);
        Get get = log(pod, PodSpec.AGENT).with("follow", "true");
        Get behind = reader.since()
                .map(since -> get.with("sinceTime", since.toString()))
                .orElse(get);
        LogRead read = read(reader, behind);
        if (read.some()) {
            pauses.reset();
            failingSince = Optional.empty();
        }
        return switch (read.how()) {
            case ENDED -> pod.ended() ? ended(reader, cursor, read) : Optional.of(soon(read));
            case QUIET, YIELDED -> Optional.of(fine(Duration.ZERO));
            case NOT_THERE ->
                toTheEnd && !pod.started() ? harness(pod, cursor) : failed(toTheEnd, pace.missing(), read.why());
            case FAILED -> read.some() ? Optional.of(pace.leastPause()) : failed(toTheEnd, pace.giveUp(), read.why());
        };
    }

    /** The log was moved away, or the kubelet went, or the agent has just ended and was not yet seen to. */
    private Duration soon(LogRead read) {
        return fine(read.some() ? pace.leastPause() : pauses.next());
    }

    private Duration fine(Duration pause) {
        failingSince = Optional.empty();
        around.readable();
        return pause;
    }

    /** Believed when the log ends at the same place twice. */
    private Optional<Duration> ended(LogReader reader, LogCursor cursor, LogRead read) {
        Duration pause = fine(pace.leastPause());
        Optional<End> end = Optional.of(new End(cursor.position(), read.rest()));
        if (!end.equals(lastEnd)) {
            lastEnd = end;
            return Optional.of(pause);
        }
        read.rest().ifPresent(reader::take);
        return over("was read to its end");
    }

    private Optional<Duration> harness(LoggedPod pod, LogCursor cursor) {
        LogReader reader = new LogReader(cursor, (at, text) -> tell(at, PodSpec.HARNESS + ": " + text));
        LogRead read = read(reader, log(pod, PodSpec.HARNESS).with("tailLines", HARNESS_LINES));
        return switch (read.how()) {
            case ENDED -> {
                read.rest().ifPresent(reader::take);
                yield over("is the harness's, because the agent never started");
            }
            case NOT_THERE -> over("is empty, because neither the agent nor the harness ever started");
            case QUIET, YIELDED, FAILED -> failed(true, pace.giveUp(), read.why());
        };
    }

    private LogRead read(LogReader reader, Get get) {
        long begun = around.nanos().getAsLong();
        Duration silence = about(pace.silence());
        Exchange exchange =
                around.server().text(get, silence, around.host().clock().instant());
        Rota rota;
        synchronized (lock) {
            current = exchange;
            rota = draining ? around.draining() : around.following();
            if (!isWanted()) {
                exchange.cancel();
            }
        }
        return reader.read(
                exchange,
                get,
                () -> around.nanos().getAsLong() - begun >= pace.turn().toNanos() && rota.isCrowded());
    }

    private Get log(LoggedPod pod, String container) {
        return Get.of(
                        "/api/v1/namespaces/" + namespace + "/pods/" + pod.name() + "/log",
                        Rule.namespace(namespace, "", "pods/log", "get"))
                .with("container", container)
                .with("timestamps", "true");
    }

    private void tell(Instant at, String text) {
        around.host().listener().logged(instance, at, "log", text);
    }

    // -- ends

    private Optional<Duration> failed(boolean toTheEnd, Duration patience, String why) {
        synchronized (lock) {
            if (!isWanted()) {
                return Optional.of(Duration.ZERO);
            }
        }
        around.unreadable(instance, why);
        long now = around.nanos().getAsLong();
        if (!toTheEnd) {
            return Optional.of(pauses.next());
        }
        long since = failingSince.orElse(now);
        failingSince = Optional.of(since);
        return now - since < patience.toNanos()
                ? Optional.of(pauses.next())
                : lost("could not be read to its end, lines may be missing: " + why);
    }

    private Optional<Duration> gone() {
        if (lastEnd.isPresent()) {
            return over("was read to its end");
        }
        return cursor == null
                ? over("is none: its agent was never seen to run")
                : lost("is gone with its pod: lines that were not read by then are lost");
    }

    private Optional<Duration> over(String how) {
        LOG.debug("The log of {} {}", instance, how);
        return Optional.empty();
    }

    private Optional<Duration> lost(String how) {
        LOG.info("The log of {} {}", instance, how);
        return Optional.empty();
    }

    private Duration about(Duration duration) {
        double factor = 0.9 + 0.2 * around.host().chance().nextDouble();
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }
}
