package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.spec.ImageRef;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.Verified;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches every instance of this installation, whichever host started it, and tells the listener how each one ended, that its
 * node is the one that was admitted, and that it is no longer what was admitted.
 *
 * <p>One mirror for each kind sees all instances, so one that nobody follows costs no request. Of a pod little is held, of
 * what is around it less. An end is told again every few seconds while anything of the instance stands, because a host
 * that adopts its run must hear of it too; what nobody forgets and what does not stand is told for a while.
 *
 * <p>Thread-safe. Nobody waits under its lock but for the lock itself; the listener is told outside of it, by one thread.
 */
final class Observatory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Observatory.class);

    /** Looked at under the lock in one go. */
    private static final int AT_ONCE = 64;

    /** Requests that look at nodes again, in flight at once. */
    private static final int MOST_RECHECKS = 8;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ApiServer server;
    private final Settings settings;
    private final Whereabouts whereabouts;
    private final SubstrateHost host;
    private final LongSupplier nanos;
    private final PodReader pods;
    private final Recheck recheck;
    private final OnceMore onceMore;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition jobsSeen = lock.newCondition();
    private final Surroundings around;
    private final Ledger ledger;
    private final Judge judge;
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final List<Mirror<?>> mirrors = new ArrayList<>();
    private final List<Runnable> waitingRechecks = new ArrayList<>();
    private int rechecks;
    private boolean neighboursWatched;
    private boolean closed;

    /**
     * What an operator may say.
     *
     * @param scope where
     * @param baselines what has to stand in a namespace, by its name
     * @param also digests that an image is known by beside its own
     * @param operators the namespaces in which only the cluster's operator makes pods
     * @param times how long is waited
     * @param pace of the mirrors
     */
    record Settings(
            WatchScope scope,
            Function<String, NamespaceBaseline> baselines,
            Function<ImageRef, List<Digest>> also,
            List<String> operators,
            WatchTimes times,
            Pace pace) {
        Settings {
            operators = List.copyOf(operators);
        }
    }

    private record Due(long at, Watched watched) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.compare(at, other.at);
        }
    }

    /** @param nanos what time has passed, as {@link System#nanoTime} */
    Observatory(ApiServer server, Settings settings, Whereabouts whereabouts, SubstrateHost host, LongSupplier nanos) {
        this.server = server;
        this.settings = settings;
        this.whereabouts = whereabouts;
        this.host = host;
        this.nanos = nanos;
        this.pods = new PodReader(whereabouts, this::standard);
        this.recheck = new Recheck(server, () -> host.clock().instant(), settings.operators());
        this.onceMore = new OnceMore(server, pods, recheck, () -> host.clock().instant());
        this.around = new Surroundings(settings.baselines());
        this.ledger = new Ledger(whereabouts, around, lock::newCondition);
        this.judge = new Judge(settings.times(), around);
    }

    // -- beginning and end

    /** Begins to watch, once. */
    void open() {
        for (Optional<String> part : settings.scope().parts()) {
            watch(Eyes.Kind.JOBS, part, MirroredKinds.jobs(part, whereabouts), ledger::job);
            watch(Eyes.Kind.PODS, part, MirroredKinds.pods(part, whereabouts, pods), ledger::pod);
            watch(Eyes.Kind.EVENTS, part, MirroredKinds.events(part), sight -> ledger.event(sight, nanos.getAsLong()));
            watch(Eyes.Kind.POLICIES, part, MirroredKinds.policies(part), ledger::policy);
        }
        watch(Eyes.Kind.NODES, Optional.empty(), MirroredKinds.nodes(), ledger::node);
        watch(Eyes.Kind.CLASSES, Optional.empty(), MirroredKinds.classes(), ledger::runtimeClass);
        host.work("lantern-watch", this::mind);
    }

    private <T> void watch(Eyes.Kind kind, Optional<String> part, Mirrored<T> mirrored, Consumer<Sight<T>> take) {
        Mirror<T> mirror =
                new Mirror<>(server, mirrored, settings.pace(), host.clock(), nanos, host.chance(), sight -> {
                    lock.lock();
                    try {
                        sight(kind, part, sight);
                        take.accept(sight);
                        work.signal();
                    } finally {
                        lock.unlock();
                    }
                });
        lock.lock();
        try {
            if (closed) {
                return;
            }
            mirrors.add(mirror);
            around.eyes.open(kind, part, nanos.getAsLong());
        } finally {
            lock.unlock();
        }
        String name = "lantern-watch-" + kind.name().toLowerCase(Locale.ROOT);
        host.work(name, kind == Eyes.Kind.PODS ? () -> behindJobs(part, mirror) : mirror);
    }

    private void sight(Eyes.Kind kind, Optional<String> part, Sight<?> sight) {
        if (sight instanceof Sight.Blind<?> blind) {
            around.eyes.blind(kind, part, blind.why(), nanos.getAsLong());
        } else if (sight instanceof Sight.Clear<?>) {
            around.eyes.clear(kind, part).ifPresent(line -> LOG.info("{}", line));
            jobsSeen.signalAll();
            ledger.touchAll();
        }
    }

    /** What a pod has to be follows from its Job; seen in this order, no pod has to be asked for again. */
    private void behindJobs(Optional<String> part, Mirror<?> mirror) {
        lock.lock();
        try {
            long left = settings.times().missing().toNanos();
            while (!closed && left > 0 && !around.eyes.isClear(Eyes.Kind.JOBS, part)) {
                left = jobsSeen.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            lock.unlock();
        }
        mirror.run();
    }

    /** Ends it, whatever it waits for; so do those who wait for it. Repeating it does nothing. */
    @Override
    public void close() {
        List<Mirror<?>> open;
        lock.lock();
        try {
            closed = true;
            open = new ArrayList<>(mirrors);
            mirrors.clear();
            work.signalAll();
            jobsSeen.signalAll();
            ledger.touchAll();
        } finally {
            lock.unlock();
        }
        open.forEach(Mirror::close);
    }

    // -- what starting, stopping and logs need

    /** What the instance's pod has to be from now on; said before it is let go. */
    void expect(InstanceRef instance, Expectation expectation) {
        boolean neighbours;
        lock.lock();
        try {
            Watched watched = ledger.of(instance);
            watched.expect(expectation);
            ledger.touch(watched);
            work.signal();
            neighbours = expectation.place().dedicated() && !neighboursWatched;
            neighboursWatched |= neighbours;
        } finally {
            lock.unlock();
        }
        if (neighbours) {
            watch(
                    Eyes.Kind.NEIGHBOURS,
                    Optional.empty(),
                    MirroredKinds.neighbours(settings.operators()),
                    ledger::neighbour);
        }
    }

    /** The instance is being stopped: from now on its end is no news. */
    void forget(InstanceRef instance) {
        lock.lock();
        try {
            Watched watched = ledger.of(instance);
            watched.forget();
            ledger.touch(watched);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Its pod, once it is seen; empty if it is not within this time. */
    Optional<PodGlimpse> awaitPod(InstanceRef instance, Duration within) {
        await(instance, within, Watched::podStands);
        return glimpse(instance);
    }

    /** Its pod as it was seen last, from memory; empty if none stands. */
    Optional<PodGlimpse> glimpse(InstanceRef instance) {
        lock.lock();
        try {
            return ledger.find(instance)
                    .filter(Watched::podStands)
                    .flatMap(Watched::pod)
                    .map(PodTrace::glimpse);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether neither Job nor pod is seen to stand, now or within this time. What was created or deleted a moment ago may
     * not have been seen yet; while nothing can be seen, nothing is gone.
     */
    boolean awaitGone(InstanceRef instance, Duration within) {
        return await(instance, within, watched -> !watched.stands() && sees(watched));
    }

    /** Whether what becomes of this instance is seen at present. */
    boolean sees(InstanceRef instance) {
        String namespace = whereabouts.of(instance).namespace();
        lock.lock();
        try {
            return around.eyes.see(Eyes.Kind.PODS, namespace) && around.eyes.see(Eyes.Kind.JOBS, namespace);
        } finally {
            lock.unlock();
        }
    }

    private boolean sees(Watched watched) {
        String namespace = watched.place.namespace();
        return around.eyes.see(Eyes.Kind.PODS, namespace) && around.eyes.see(Eyes.Kind.JOBS, namespace);
    }

    private boolean await(InstanceRef instance, Duration within, Predicate<Watched> wanted) {
        lock.lock();
        try {
            Watched watched = ledger.of(instance);
            watched.waiting(1);
            try {
                long left = within.toNanos();
                while (!wanted.test(watched) && left > 0) {
                    if (closed) {
                        throw new LanternException("waiting for instance " + instance
                                + " in the cluster: gave up, this host is closing; nothing is known about it");
                    }
                    left = watched.changed.awaitNanos(left);
                }
                return wanted.test(watched);
            } finally {
                watched.waiting(-1);
                ledger.touch(watched);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException(
                    "waiting for instance " + instance
                            + " in the cluster: gave up, the thread was interrupted; nothing is known about it",
                    e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Standard> standard(InstanceRef instance, Optional<String> owner, JsonObject pod)
            throws UnreadableException {
        Optional<Expectation> expectation;
        Optional<JobTrace> job;
        lock.lock();
        try {
            Optional<Watched> watched = ledger.find(instance);
            expectation = watched.flatMap(Watched::expectation);
            job = watched.flatMap(Watched::job).filter(of -> owner.equals(Optional.of(of.uid())));
        } finally {
            lock.unlock();
        }
        if (expectation.isPresent()) {
            boolean meant = ExpectedJob.text(pod, "metadata", "uid")
                    .equals(Optional.of(expectation.get().podUid()));
            return meant ? expectation.map(Standard::of) : Optional.empty();
        }
        return job.isEmpty()
                ? Optional.empty()
                : Optional.of(Standard.adopted(job.get().seen(), pod, settings.also()));
    }

    // -- minding

    /** The one thread that judges, tells, and sees to what is due. */
    private void mind() {
        try {
            while (true) {
                List<Runnable> acts = new ArrayList<>();
                lock.lock();
                try {
                    if (ledger.isQuiet() && !closed) {
                        work.awaitNanos(settings.times().beat().toNanos());
                    }
                    if (closed) {
                        return;
                    }
                    long now = nanos.getAsLong();
                    around.eyes.sayBlind(settings.times().blind(), now).forEach(line -> LOG.warn("{}", line));
                    takeDue(now);
                    ledger.take(AT_ONCE).forEach(watched -> look(watched, now, acts));
                    startRechecks(acts);
                } finally {
                    lock.unlock();
                }
                acts.forEach(Runnable::run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeDue(long now) {
        while (!due.isEmpty() && due.peek().at() - now <= 0) {
            Watched watched = due.remove().watched();
            if (watched.isDue(now)) {
                watched.notDue();
                ledger.touch(watched);
            }
        }
    }

    private void look(Watched watched, long now, List<Runnable> acts) {
        if (ledger.find(watched.instance).filter(watched::equals).isEmpty()) {
            return;
        }
        Judge.Ruling ruling = judge.of(watched, now);
        Optional<InstanceEnd> end = watched.forgotten() ? Optional.empty() : ruling.end();
        if (end.isPresent() && watched.tell(now, settings.times().again().toNanos())) {
            acts.add(() -> host.listener().ended(watched.instance, end.get()));
        }
        if (end.isEmpty() && !watched.forgotten()) {
            recheck(watched);
        }
        if (watched.unneeded
                .now(watched.isUnneeded() && sees(watched), now)
                .outlasts(settings.times().missing(), now)) {
            ledger.drop(watched);
            return;
        }
        long again = watched.unneeded.holds() ? settings.times().missing().toNanos() : Long.MAX_VALUE;
        dueIn(watched, Math.min(again, ruling.again()), now);
    }

    private void dueIn(Watched watched, long again, long now) {
        if (again < Long.MAX_VALUE && watched.dueBy(now + again)) {
            due.add(new Due(now + again, watched));
        }
    }

    // -- looking again

    private void recheck(Watched watched) {
        Optional<PodTrace> pod = watched.pod().filter(trace -> watched.podStands());
        Optional<PodGlimpse> bound = pod.map(PodTrace::glimpse)
                .filter(seen -> !seen.held() && seen.node().isPresent());
        if (bound.isEmpty() || watched.lookedAt()) {
            return;
        }
        PodGlimpse glimpse = bound.get();
        Optional<Expectation> expectation = watched.expectation();
        if (expectation.isPresent() && watched.verified().isEmpty()) {
            watched.lookedAt(true);
            waitingRechecks.add(() ->
                    recheck.ask(expectation.get(), glimpse, finding -> found(watched, expectation.get(), finding)));
        } else if (watched.isUncompared()) {
            watched.lookedAt(true);
            waitingRechecks.add(() -> reread(watched, glimpse));
        }
    }

    private void startRechecks(List<Runnable> acts) {
        while (rechecks < MOST_RECHECKS && !waitingRechecks.isEmpty()) {
            rechecks++;
            acts.add(waitingRechecks.remove(0));
        }
    }

    private void found(Watched watched, Expectation expectation, Recheck.Finding finding) {
        Optional<Verified> verified = Optional.empty();
        lock.lock();
        try {
            answered(watched);
            if (!watched.expectation().equals(Optional.of(expectation))) {
                return;
            }
            if (finding instanceof Recheck.Finding.Passed passed) {
                watched.verify(passed.verified());
                verified = Optional.of(passed.verified());
            } else if (finding instanceof Recheck.Finding.Failed failed) {
                watched.violated(Verified.NODE, failed.violations());
                ledger.touch(watched);
            } else if (finding instanceof Recheck.Finding.Untold untold) {
                watched.untold(untold.why());
                dueIn(watched, RETRY.toNanos(), nanos.getAsLong());
            }
        } finally {
            lock.unlock();
        }
        verified.ifPresent(passed -> host.listener().verified(watched.instance, passed));
    }

    /** The checkpoint of the node, if this instance has passed it as it stands now. */
    Optional<Verified> verified(InstanceRef instance) {
        lock.lock();
        try {
            return ledger.find(instance).filter(watched -> watched.podStands()).flatMap(Watched::verified);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Compares it once more, asking the cluster.
     *
     * @return what was seen; empty if nothing of it stands or it is no longer what was admitted, which is its end
     * @throws LanternException if that cannot be told now
     */
    Optional<Verified> compare(InstanceRef instance, Duration within) {
        Watched watched;
        PodGlimpse bound;
        Optional<Expectation> expectation;
        lock.lock();
        try {
            Optional<Watched> known = ledger.find(instance)
                    .filter(found -> !found.forgotten() && found.violation().isEmpty());
            Optional<PodGlimpse> seen = known.filter(Watched::podStands)
                    .flatMap(Watched::pod)
                    .map(PodTrace::glimpse)
                    .filter(pod -> !pod.held() && pod.node().isPresent());
            if (seen.isEmpty()) {
                return Optional.empty();
            }
            watched = known.orElseThrow();
            bound = seen.get();
            expectation = watched.expectation();
        } finally {
            lock.unlock();
        }
        OnceMore.Result result = onceMore.compare(instance, expectation, bound, within);
        lock.lock();
        try {
            if (!watched.expectation().equals(expectation)) {
                // It was started anew meanwhile: what was seen is of a pod that is no longer the one.
                return Optional.empty();
            }
            if (!result.violations().isEmpty()) {
                watched.violated(Verified.NODE, result.violations());
                ledger.touch(watched);
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        return result.verified();
    }

    private void answered(Watched watched) {
        rechecks--;
        watched.lookedAt(false);
        work.signal();
    }

    /** Its Job was seen after it: the pod has to be compared, and is not at hand any more. */
    private void reread(Watched watched, PodGlimpse glimpse) {
        onceMore.read(glimpse, host.clock().instant(), outcome -> {
            lock.lock();
            try {
                answered(watched);
                if (outcome instanceof Outcome.Told<PodTrace> told
                        && told.body().glimpse().uid().equals(glimpse.uid())
                        && watched.podStands()) {
                    watched.pod(told.body());
                    ledger.touch(watched);
                } else {
                    dueIn(watched, RETRY.toNanos(), nanos.getAsLong());
                }
            } finally {
                lock.unlock();
            }
        });
    }
}
