package dev.lantern.core.local;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.agent.clockwork.Workers;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance from its permission to start to its last process. {@link #live} runs on a thread of its own and is
 * the only one that starts anything; {@link #stop} may come from any thread at any time and waits for it.
 *
 * <p>The races: a stop before the start finds no process and says so under the lock, under which the start looks
 * before it forks. A stop beside the agent's own end waits for the same end and tells nothing more. Two stops send
 * the same signals twice. Nothing is told once {@link #stop} was called.
 */
final class LocalInstance {
    private static final Logger LOG = LoggerFactory.getLogger(LocalInstance.class);
    /** What the agent has when its harness, and not the engine, wants it to end. */
    static final Duration OWN_GRACE = Duration.ofSeconds(10);

    private static final Duration PUMPS_WITHIN = Duration.ofSeconds(5);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

    private final InstanceRef instance;
    private final InstanceDirectory directory;
    private final ProgramLookup program;
    private final Watcher watcher;
    private final Members members;
    private final Workers workers;
    private final Told told;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Object lock = new Object();
    private @Nullable HarnessSide harness;
    private @Nullable WatchedProcess process;
    private Optional<String> stopping = Optional.empty();

    /** @param program the agent's, looked up before anything is started */
    LocalInstance(
            InstanceRef instance,
            InstanceDirectory directory,
            ProgramLookup program,
            Watcher watcher,
            ProcessTable processes,
            Workers workers,
            Told told) {
        this.instance = instance;
        this.directory = directory;
        this.program = program;
        this.watcher = watcher;
        this.members = new Members(directory, processes);
        this.workers = workers;
        this.told = told;
    }

    /** Lives the instance's life and tells of its end. */
    void live(Supplier<HarnessSide> sides) {
        InstanceEnd end;
        try {
            HarnessSide side = sides.get();
            synchronized (lock) {
                harness = side;
                if (stopping.isPresent()) {
                    side.close();
                }
            }
            end = lived(side);
            side.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("instance {} could not be run", instance, e);
            end = new InstanceEnd.StartFailed(String.valueOf(e.getMessage()), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end = new InstanceEnd.Lost("the host was interrupted while it watched the agent");
        }
        tidy();
        told.ended(end);
        told.close();
        over.complete(null);
    }

    /** Whether its end is still to come. */
    boolean stands() {
        return !over.isDone();
    }

    /** The agent is to end, says its harness. Does not block. */
    void stopAgent(String why) {
        WatchedProcess running;
        synchronized (lock) {
            if (stopping.isPresent()) {
                return;
            }
            stopping = Optional.of(why);
            running = process;
        }
        if (running != null && stands()) {
            workers.start("lantern-stop", () -> {
                try {
                    end(running, OWN_GRACE, Deadline.after(OWN_GRACE.plus(GONE_WITHIN)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /**
     * Ends it: SIGTERM, grace, SIGKILL, until nothing is left of it. From here on nothing is told of it.
     *
     * @throws LanternException if something is left when the deadline has passed
     */
    void stop(Duration grace, Deadline deadline) throws InterruptedException {
        told.nothingMore();
        WatchedProcess running;
        HarnessSide side;
        synchronized (lock) {
            if (stopping.isEmpty()) {
                stopping = Optional.of("the host stops this instance");
            }
            running = process;
            side = harness;
        }
        if (side != null) {
            if (running == null) {
                side.close();
            } else {
                side.drain("the host stops this instance");
            }
        }
        if (running != null) {
            end(running, grace, deadline);
        }
        if (!isOver(deadline.millisLeft())) {
            throw new LanternException("instance " + instance + " has not ended within the time given: stop it again");
        }
        removeWhatIsLeft(deadline);
    }

    private InstanceEnd lived(HarnessSide side) throws IOException, InterruptedException {
        if (program.find() instanceof ProgramLookup.Found.Nothing nothing) {
            return new InstanceEnd.StartFailed(nothing.cause(), true);
        }
        HarnessSide.Permission permission = side.await();
        if (permission instanceof HarnessSide.Permission.Never never) {
            return never.end();
        }
        HarnessSide.Permission.Start start = (HarnessSide.Permission.Start) permission;
        Optional<WatchedProcess> started = start(start);
        if (started.isEmpty()) {
            return new InstanceEnd.StartFailed(stopping().orElse("stopped before it started"), false);
        }
        CompletableFuture<Void> stdout = pump(started.get().stdout(), "stdout");
        CompletableFuture<Void> stderr = pump(started.get().stderr(), "stderr");
        int code = started.get().await();
        // Before the harness is drained, which stops the agent in its turn.
        Optional<String> stopped = stopping();
        // What the agent left running ends with it, as it would in a pod.
        started.get().letGo();
        members.kill(Deadline.after(GONE_WITHIN));
        settled(CompletableFuture.allOf(stdout, stderr));
        return side.settle(code).orElse(Ending.of(code, start.command().get(0), directory.notExecuted(), stopped));
    }

    private Optional<WatchedProcess> start(HarnessSide.Permission.Start start) {
        synchronized (lock) {
            if (stopping.isPresent()) {
                return Optional.empty();
            }
            try {
                process = watcher.start(directory, start.command(), start.environment());
            } catch (IOException e) {
                throw new LanternException(
                        "no process could be started for the command "
                                + start.command().get(0) + ": " + e.getMessage(),
                        e);
            }
            return Optional.of(process);
        }
    }

    private CompletableFuture<Void> pump(InputStream from, String stream) {
        return LogPump.start(workers, "lantern-" + stream, from, line -> told.logged(stream, line));
    }

    /** A daemon in a session of its own may hold the pipe open for ever. */
    private void settled(CompletableFuture<Void> pumps) throws InterruptedException {
        try {
            pumps.get(PUMPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("the last lines of instance {} were not read", instance, e);
        }
    }

    private void end(WatchedProcess running, Duration grace, Deadline deadline) throws InterruptedException {
        if (!running.terminate()) {
            members.terminate();
        }
        if (isOver(Math.min(grace.toMillis(), deadline.millisLeft()))) {
            return;
        }
        HarnessSide side;
        synchronized (lock) {
            side = harness;
        }
        if (side != null) {
            side.close();
        }
        running.kill();
        members.kill(deadline);
    }

    private boolean isOver(long withinMillis) throws InterruptedException {
        try {
            over.get(withinMillis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new LanternException("instance " + instance + " ended by a defect", e);
        }
    }

    private Optional<String> stopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    /** What cannot be removed now is removed by {@link #stop}, or by the next host. */
    private void tidy() {
        try {
            removeWhatIsLeft(Deadline.after(GONE_WITHIN));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LanternException e) {
            LOG.warn("instance {} left something behind", instance, e);
        }
    }

    private void removeWhatIsLeft(Deadline deadline) throws InterruptedException {
        members.kill(deadline);
        try {
            directory.remove();
        } catch (IOException e) {
            throw new LanternException(
                    "the directory " + directory.path() + " of instance " + instance
                            + " could not be removed: remove it by hand",
                    e);
        }
    }
}
