package dev.lantern.testkit.sim;

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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A journal around another one. Every call passes through {@link #around}; a decorator changes that or single calls. */
public abstract class ForwardingJournal implements Journal {
    private final Supplier<Journal> inner;

    protected ForwardingJournal(Journal inner) {
        this(() -> inner);
    }

    /** @param inner where the next call goes; may change from call to call */
    protected ForwardingJournal(Supplier<Journal> inner) {
        this.inner = inner;
    }

    /** @param writes whether the call changes what the journal holds */
    protected <T> T around(String call, boolean writes, Supplier<T> forward) {
        return forward.get();
    }

    protected final Journal inner() {
        return inner.get();
    }

    @Override
    public Durability durability() {
        return inner().durability();
    }

    @Override
    public String installation(Duration within) {
        return around("installation", false, () -> inner().installation(within));
    }

    @Override
    public HostLease join(String address, Duration lease, Duration within) {
        return around("join", true, () -> inner().join(address, lease, within));
    }

    @Override
    public Optional<HostLease> renew(long host, Duration lease, Duration within) {
        return around("renew", true, () -> inner().renew(host, lease, within));
    }

    @Override
    public void leave(long host, Duration within) {
        around("leave", true, () -> {
            inner().leave(host, within);
            return true;
        });
    }

    @Override
    public Optional<String> address(long host, Duration within) {
        return around("address", false, () -> inner().address(host, within));
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        return around("create", true, () -> inner().create(group, within));
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        return around("append", true, () -> inner().append(group, within));
    }

    @Override
    public void keep(long key, Commitment commitment, byte[] body, Duration within) {
        around("keep", true, () -> {
            inner().keep(key, commitment, body, within);
            return true;
        });
    }

    @Override
    public Optional<RunRow> find(RunRef run, Duration within) {
        return around("find", false, () -> inner().find(run, within));
    }

    @Override
    public List<Event> read(long key, long afterSeq, int max, Duration within) {
        return around("read", false, () -> inner().read(key, afterSeq, max, within));
    }

    @Override
    public Optional<byte[]> kept(long key, Commitment commitment, Duration within) {
        return around("kept", false, () -> inner().kept(key, commitment, within));
    }

    @Override
    public List<RunRow> runs(long afterKey, int max, Duration within) {
        return around("runs", false, () -> inner().runs(afterKey, max, within));
    }

    @Override
    public List<Commitment> keptOf(long key, Optional<Commitment> after, int max, Duration within) {
        return around("keptOf", false, () -> inner().keptOf(key, after, max, within));
    }

    @Override
    public List<Boolean> replace(List<Replacement> group, Duration within) {
        return around("replace", true, () -> inner().replace(group, within));
    }

    @Override
    public boolean replaceKept(long key, Commitment commitment, byte[] known, byte[] next, Duration within) {
        return around("replaceKept", true, () -> inner().replaceKept(key, commitment, known, next, within));
    }

    @Override
    public List<ListedRun> list(RunQuery query, Optional<RunPlace> behind, Duration within) {
        return around("list", false, () -> inner().list(query, behind, within));
    }

    @Override
    public List<DisposalResult> dispose(List<Disposal> group, Duration within) {
        return around("dispose", true, () -> inner().dispose(group, within));
    }

    @Override
    public List<Disposed> disposed(long key, Duration within) {
        return around("disposed", false, () -> inner().disposed(key, within));
    }

    @Override
    public List<RunRow> claimLapsed(long host, int max, Duration within) {
        return around("claimLapsed", true, () -> inner().claimLapsed(host, max, within));
    }

    @Override
    public List<RunRow> owned(long host, long afterKey, int max, Duration within) {
        return around("owned", false, () -> inner().owned(host, afterKey, max, within));
    }

    @Override
    public Optional<RunRow> claim(long key, long from, long host, Duration within) {
        return around("claim", true, () -> inner().claim(key, from, host, within));
    }

    @Override
    public void release(long key, long host, Duration within) {
        around("release", true, () -> {
            inner().release(key, host, within);
            return true;
        });
    }

    @Override
    public long put(InboxMessage message, Duration within) {
        return around("put", true, () -> inner().put(message, within));
    }

    @Override
    public List<InboxMessage> inbox(long host, int max, Duration within) {
        return around("inbox", false, () -> inner().inbox(host, max, within));
    }

    @Override
    public void discard(List<Long> ids, Duration within) {
        around("discard", true, () -> {
            inner().discard(ids, within);
            return true;
        });
    }

    @Override
    public void close() {
        inner().close();
    }
}
