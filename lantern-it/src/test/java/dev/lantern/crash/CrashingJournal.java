package dev.lantern.crash;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Disposed;
import dev.lantern.journal.Durability;
import dev.lantern.journal.Event;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.Replacement;
import dev.lantern.journal.RunPlace;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunQuery;
import dev.lantern.value.Commitment;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A journal at whose boundaries somebody dies. Writes down every head that it acknowledged, before anybody hears of it. */
final class CrashingJournal implements Journal {
    private final Journal journal;
    private final CrashPoint point;
    private final Killer killer;
    private final Path acknowledged;
    private final AtomicInteger calls = new AtomicInteger();

    CrashingJournal(Journal journal, CrashPoint point, Killer killer, Path acknowledged) {
        this.journal = journal;
        this.point = point;
        this.killer = killer;
        this.acknowledged = acknowledged;
    }

    int boundaries() {
        return calls.get();
    }

    private <T> List<T> atBoundary(Supplier<List<T>> call, IntFunction<List<Event>> events, Predicate<T> stands) {
        int boundary = calls.incrementAndGet();
        if (boundary == point.boundary() && !point.after()) {
            killer.kill(point.victim());
        }
        List<T> results = call.get();
        for (int i = 0; i < results.size(); i++) {
            if (stands.test(results.get(i))) {
                note(events.apply(i));
            }
        }
        if (boundary == point.boundary() && point.after()) {
            killer.kill(point.victim());
        }
        return results;
    }

    private void note(List<Event> events) {
        StringBuilder lines = new StringBuilder();
        events.forEach(event ->
                lines.append(event.seq()).append(' ').append(event.hash().hex()).append('\n'));
        try {
            Files.writeString(acknowledged, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        return atBoundary(
                () -> journal.create(group, within),
                i -> group.get(i).events(),
                result -> result instanceof CreateResult.Created);
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        return atBoundary(
                () -> journal.append(group, within),
                i -> group.get(i).events(),
                result -> result instanceof AppendResult.Appended || result instanceof AppendResult.Replayed);
    }

    @Override
    public Durability durability() {
        return journal.durability();
    }

    @Override
    public String installation(Duration within) {
        return journal.installation(within);
    }

    @Override
    public HostLease join(String address, Duration lease, Duration within) {
        return journal.join(address, lease, within);
    }

    @Override
    public Optional<HostLease> renew(long host, Duration lease, Duration within) {
        return journal.renew(host, lease, within);
    }

    @Override
    public void leave(long host, Duration within) {
        journal.leave(host, within);
    }

    @Override
    public Optional<String> address(long host, Duration within) {
        return journal.address(host, within);
    }

    @Override
    public void keep(long key, Commitment commitment, byte[] body, Duration within) {
        journal.keep(key, commitment, body, within);
    }

    @Override
    public Optional<RunRow> find(RunRef run, Duration within) {
        return journal.find(run, within);
    }

    @Override
    public List<Event> read(long key, long afterSeq, int max, Duration within) {
        return journal.read(key, afterSeq, max, within);
    }

    @Override
    public Optional<byte[]> kept(long key, Commitment commitment, Duration within) {
        return journal.kept(key, commitment, within);
    }

    @Override
    public List<RunRow> runs(long afterKey, int max, Duration within) {
        return journal.runs(afterKey, max, within);
    }

    @Override
    public List<Commitment> keptOf(long key, Optional<Commitment> after, int max, Duration within) {
        return journal.keptOf(key, after, max, within);
    }

    @Override
    public List<Boolean> replace(List<Replacement> group, Duration within) {
        return journal.replace(group, within);
    }

    @Override
    public boolean replaceKept(long key, Commitment commitment, byte[] known, byte[] next, Duration within) {
        return journal.replaceKept(key, commitment, known, next, within);
    }

    @Override
    public List<ListedRun> list(RunQuery query, Optional<RunPlace> behind, Duration within) {
        return journal.list(query, behind, within);
    }

    @Override
    public List<DisposalResult> dispose(List<Disposal> group, Duration within) {
        return journal.dispose(group, within);
    }

    @Override
    public List<Disposed> disposed(long key, Duration within) {
        return journal.disposed(key, within);
    }

    @Override
    public List<RunRow> claimLapsed(long host, int max, Duration within) {
        return journal.claimLapsed(host, max, within);
    }

    @Override
    public List<RunRow> owned(long host, long afterKey, int max, Duration within) {
        return journal.owned(host, afterKey, max, within);
    }

    @Override
    public Optional<RunRow> claim(long key, long from, long host, Duration within) {
        return journal.claim(key, from, host, within);
    }

    @Override
    public void release(long key, long host, Duration within) {
        journal.release(key, host, within);
    }

    @Override
    public long put(InboxMessage message, Duration within) {
        return journal.put(message, within);
    }

    @Override
    public List<InboxMessage> inbox(long host, int max, Duration within) {
        return journal.inbox(host, max, within);
    }

    @Override
    public void discard(List<Long> ids, Duration within) {
        journal.discard(ids, within);
    }

    @Override
    public void close() {
        journal.close();
    }
}
