package dev.lantern.testkit.sim;

import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Commitment;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/** A journal that can be restored from a copy in which one run is behind, as an asynchronous replica may be. */
final class RestorableJournal extends ForwardingJournal {
    private static final Duration SOON = Duration.ofSeconds(1);

    private record Host(String address, Duration lease, boolean left) {}

    private record Kept(long key, Commitment commitment, byte[] body) {}

    private final InstantSource clock;
    private final AtomicReference<Journal> current;
    private final Map<Long, Host> hosts = new LinkedHashMap<>();
    private final Map<RunRef, Create> creates = new LinkedHashMap<>();
    private final Map<Long, InboxMessage> messages = new LinkedHashMap<>();
    private final List<Kept> kept = new ArrayList<>();
    /** The last event of each commit, by run. */
    private final Map<Long, NavigableSet<Long>> commits = new LinkedHashMap<>();

    RestorableJournal(InstantSource clock) {
        this(clock, new AtomicReference<>(empty(clock)));
    }

    private RestorableJournal(InstantSource clock, AtomicReference<Journal> current) {
        super(current::get);
        this.clock = clock;
        this.current = current;
    }

    private static Journal empty(InstantSource clock) {
        return new InMemoryJournal(clock, "simulated");
    }

    /** Open runs that have lost something when their last event is gone. */
    List<RunRow> open() {
        return creates.keySet().stream()
                .map(run -> find(run, SOON).orElseThrow())
                .filter(row -> row.host().isPresent() && row.head().seq() > 1)
                .toList();
    }

    /** Where a copy that lacks at least one commit of this run ends: no database ever restores half of a commit. */
    long commitBefore(RunRow row, long behind) {
        NavigableSet<Long> ends = commits(row.key());
        Long end = ends.floor(row.head().seq() - behind);
        return end == null ? ends.first() : end;
    }

    /** From now on everything is as it is, but {@code run} ends with event {@code last}. */
    void restore(RunRef run, long last) {
        Journal older = empty(clock);
        hosts.forEach((number, host) -> {
            older.join(host.address(), host.lease(), SOON);
            if (host.left()) {
                older.leave(number, SOON);
            }
        });
        for (Create create : creates.values()) {
            RunRow row = find(create.run(), SOON).orElseThrow();
            List<Event> events = read(row.key(), 0, Integer.MAX_VALUE, SOON);
            boolean behind = create.run().equals(run);
            if (behind) {
                commits(row.key()).tailSet(last, false).clear();
            }
            copy(older, create, row, behind ? events.subList(0, (int) last) : events, behind);
        }
        messages.values().forEach(message -> older.put(message, SOON));
        current.set(older);
    }

    private void copy(Journal older, Create create, RunRow row, List<Event> events, boolean behind) {
        long owner = row.host().orElse(create.host());
        Create first = new Create(
                create.run(),
                owner,
                create.agent(),
                create.labels(),
                create.created(),
                create.status(),
                events.subList(0, 1));
        RunRow made = ((CreateResult.Created) older.create(List.of(first), SOON).get(0)).row();
        for (Kept one : kept) {
            if (one.key() == made.key()) {
                // Before the end: a closed run keeps nothing new.
                older.keep(one.key(), one.commitment(), one.body(), SOON);
            }
        }
        for (Event event : events.subList(1, events.size())) {
            boolean end = event.seq() == events.size() && !behind;
            older.append(
                    List.of(new Append(
                            made.key(),
                            new Fence(owner, made.epoch(), made.head()),
                            List.of(event),
                            EventEnvelope.parse(event.bytes()).epoch(),
                            end ? row.status() : RunStatus.RUNNING,
                            end && row.closed())),
                    SOON);
            made = older.find(create.run(), SOON).orElseThrow();
        }
        if (row.host().isEmpty() && !row.closed()) {
            older.release(made.key(), owner, SOON);
        }
    }

    @Override
    public HostLease join(String address, Duration lease, Duration within) {
        HostLease granted = super.join(address, lease, within);
        hosts.put(granted.host(), new Host(address, lease, false));
        return granted;
    }

    @Override
    public void leave(long host, Duration within) {
        super.leave(host, within);
        hosts.computeIfPresent(host, (number, known) -> new Host(known.address(), known.lease(), true));
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        List<CreateResult> results = super.create(group, within);
        for (int i = 0; i < group.size(); i++) {
            Create create = group.get(i);
            if (creates.putIfAbsent(create.run(), create) == null
                    && results.get(i) instanceof CreateResult.Created created) {
                committed(created.row().key(), create.after());
            }
        }
        return results;
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        List<AppendResult> results = super.append(group, within);
        for (int i = 0; i < group.size(); i++) {
            if (results.get(i) instanceof AppendResult.Appended appended) {
                committed(group.get(i).key(), appended.head());
            }
        }
        return results;
    }

    private void committed(long key, Head end) {
        commits(key).add(end.seq());
    }

    private NavigableSet<Long> commits(long key) {
        return commits.computeIfAbsent(key, run -> new TreeSet<>());
    }

    @Override
    public void keep(long key, Commitment commitment, byte[] body, Duration within) {
        super.keep(key, commitment, body, within);
        kept.add(new Kept(key, commitment, body));
    }

    @Override
    public long put(InboxMessage message, Duration within) {
        long id = super.put(message, within);
        if (id > 0) {
            messages.put(id, message);
        }
        return id;
    }

    @Override
    public void discard(List<Long> ids, Duration within) {
        super.discard(ids, within);
        ids.forEach(messages::remove);
    }

    /** Whether the run's chain passes through this event. */
    boolean holds(RunRef run, Head place) {
        Optional<RunRow> row = find(run, SOON);
        return row.isPresent()
                && read(row.get().key(), place.seq() - 1, 1, SOON).stream()
                        .anyMatch(event -> event.hash().equals(place.hash()));
    }
}
