package dev.lantern.k8s;

import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Verified;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** All that is known of one instance. Used under the lock of the {@link Observatory} only. */
final class Watched {
    final InstanceRef instance;
    final Whereabouts.Place place;
    /** Whoever waits for its pod, or for it to be gone. */
    final Condition changed;

    final Lasting trouble = new Lasting();
    final Lasting unready = new Lasting();
    final Lasting absent = new Lasting();
    final Lasting unmade = new Lasting();
    final Lasting ownerless = new Lasting();
    final Lasting unseen = new Lasting();
    final Lasting unstarted = new Lasting();
    final Lasting unverified = new Lasting();
    final Lasting unneeded = new Lasting();

    private @Nullable Expectation expectation;
    private @Nullable JobTrace job;
    private boolean jobWasSeen;
    private final List<PodTrace> standing = new ArrayList<>();
    private @Nullable PodTrace last;
    private boolean forgotten;
    private int waiting;

    /** What was found against it. Once there is anything, nothing takes it back. */
    private List<Violation> violations = List.of();

    private String checkpoint = "";
    /** An end that nothing takes back, once it was told. */
    private @Nullable InstanceEnd settled;

    /** The node that it is bound to, in the life in which it was seen first. */
    private @Nullable NodeId node;

    private @Nullable Verified verified;
    private boolean lookedAt;
    /** Why its node could not be looked at again, if it could not. */
    private String untold = "";

    private long dueAt = Long.MAX_VALUE;
    private long toldAt;
    private boolean told;

    Watched(InstanceRef instance, Whereabouts.Place place, Condition changed) {
        this.instance = instance;
        this.place = place;
        this.changed = changed;
    }

    // -- what is seen

    void job(JobTrace now) {
        job = now;
        jobWasSeen = true;
    }

    void noJob(JobTrace gone) {
        if (job != null && job.uid().equals(gone.uid())) {
            job = null;
        }
    }

    void pod(PodTrace now) {
        standing.removeIf(pod -> pod.glimpse().uid().equals(now.glimpse().uid()));
        standing.add(now);
    }

    void noPod(PodTrace gone) {
        standing.removeIf(pod -> pod.glimpse().uid().equals(gone.glimpse().uid()));
        last = gone;
    }

    Optional<JobTrace> job() {
        return Optional.ofNullable(job);
    }

    boolean jobWasSeen() {
        return jobWasSeen;
    }

    /** The one that is expected, or else the one that is not on its way out; as it was seen last. */
    Optional<PodTrace> pod() {
        for (PodTrace pod : standing) {
            if (isOurs(pod) && !pod.glimpse().deleting()) {
                return Optional.of(pod);
            }
        }
        for (PodTrace pod : standing) {
            if (isOurs(pod)) {
                return Optional.of(pod);
            }
        }
        return Optional.ofNullable(last).filter(this::isOurs);
    }

    boolean podStands() {
        return standing.stream().anyMatch(this::isOurs);
    }

    /** Whether anything of it stands, also a pod that is not the expected one. */
    boolean stands() {
        return job != null || !standing.isEmpty();
    }

    private boolean isOurs(PodTrace pod) {
        if (expectation != null) {
            return expectation.podUid().equals(pod.glimpse().uid());
        }
        // Of a Job that was made again, the former one's pod is none of its business.
        return job == null || pod.owner().map(job.uid()::equals).orElse(true);
    }

    // -- what is wanted

    /** From now on this is what it has to be; whatever was found before concerned another start. */
    void expect(Expectation now) {
        boolean sameAgain = expectation != null && expectation.podUid().equals(now.podUid());
        expectation = now;
        forgotten = false;
        if (!sameAgain) {
            violations = List.of();
            settled = null;
            verified = null;
            told = false;
            node = null;
        }
    }

    Optional<Expectation> expectation() {
        return Optional.ofNullable(expectation);
    }

    void forget() {
        forgotten = true;
    }

    boolean forgotten() {
        return forgotten;
    }

    /** Somebody waits for it, or, with -1, no longer does. */
    void waiting(int more) {
        waiting += more;
    }

    /** Whether nobody has a use for it, unless something of it shows. */
    boolean isUnneeded() {
        boolean awaited = expectation != null && last == null && !told;
        return !stands() && waiting == 0 && (forgotten || !awaited);
    }

    /** Whether the pod stands that is not known to be what it has to be, though that could be known. */
    boolean isUncompared() {
        Optional<PodTrace> pod = pod();
        return expectation == null
                && job != null
                && podStands()
                && pod.isPresent()
                && !pod.get().compared()
                && pod.get().owner().isPresent()
                && !pod.get().glimpse().held()
                && pod.get().glimpse().node().isPresent();
    }

    // -- what came of it

    void violated(String at, List<Violation> found) {
        if (violations.isEmpty() && !found.isEmpty()) {
            violations = List.copyOf(found);
            checkpoint = at;
        }
    }

    Optional<InstanceEnd> violation() {
        return violations.isEmpty() ? Optional.empty() : Optional.of(new InstanceEnd.Violated(checkpoint, violations));
    }

    void settle(InstanceEnd end) {
        settled = end;
    }

    Optional<InstanceEnd> settled() {
        return Optional.ofNullable(settled);
    }

    /** The node in the life in which it was seen first. */
    NodeId node(NodeId seen) {
        if (node == null || !node.name().equals(seen.name())) {
            node = seen;
        }
        return node;
    }

    boolean knowsNode() {
        return node != null;
    }

    /** What was seen when its node was looked at again; empty before that. */
    Optional<Verified> verified() {
        return Optional.ofNullable(verified);
    }

    void verify(Verified passed) {
        verified = passed;
        untold = "";
    }

    boolean lookedAt() {
        return lookedAt;
    }

    void lookedAt(boolean now) {
        lookedAt = now;
    }

    String untold() {
        return untold;
    }

    void untold(String why) {
        untold = why;
    }

    // -- when

    /** Whether it is due earlier than it was. */
    boolean dueBy(long at) {
        if (at >= dueAt) {
            return false;
        }
        dueAt = at;
        return true;
    }

    boolean isDue(long now) {
        return dueAt <= now;
    }

    void notDue() {
        dueAt = Long.MAX_VALUE;
    }

    /** Whether its end is to be told now. */
    boolean tell(long now, long again) {
        if (told && now - toldAt < again) {
            return false;
        }
        told = true;
        toldAt = now;
        return true;
    }

    boolean wasTold() {
        return told;
    }
}
