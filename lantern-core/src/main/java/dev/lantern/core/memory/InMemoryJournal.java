package dev.lantern.core.memory;

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
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A journal in this process's memory: everything is gone with it.
 *
 * <pre>{@code
 * Journal journal = new InMemoryJournal(clock, "test");
 * }</pre>
 *
 * <p>Thread-safe; one lock makes every call atomic. It passes the contract of the durable backends and draws
 * neither time nor randomness of its own, so equal calls under an equal clock give equal answers, numbers
 * included. Event bytes are shared with the caller, as the interface allows. After {@link #close} every call
 * but {@code durability} and {@code close} throws.
 */
public final class InMemoryJournal implements Journal {
    private final String installation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Hosts hosts;
    private final Chains chains = new Chains();
    private final Inbox inbox = new Inbox();
    private boolean closed;

    /**
     * An empty journal.
     *
     * @param clock the backend's clock, by which leases lapse
     * @param installation the id this journal answers as its own
     */
    public InMemoryJournal(InstantSource clock, String installation) {
        this.hosts = new Hosts(Objects.requireNonNull(clock, "clock"));
        this.installation = Objects.requireNonNull(installation, "installation");
    }

    @Override
    public Durability durability() {
        return Durability.MEMORY;
    }

    @Override
    public String installation(Duration within) {
        return locked("read the installation id", within, () -> installation);
    }

    @Override
    public HostLease join(String address, Duration lease, Duration within) {
        return locked("join a host", within, () -> hosts.join(address, lease));
    }

    @Override
    public Optional<HostLease> renew(long host, Duration lease, Duration within) {
        return locked("renew host " + host, within, () -> hosts.renew(host, lease));
    }

    @Override
    public void leave(long host, Duration within) {
        locked("leave as host " + host, within, () -> hosts.leave(host));
    }

    @Override
    public Optional<String> address(long host, Duration within) {
        return locked("read the address of host " + host, within, () -> hosts.address(host));
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        OncePerRun.check("create", group, Create::run);
        return locked(
                "create " + group.size() + " runs",
                within,
                () -> group.stream().map(chains::create).toList());
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        OncePerRun.check("append", group, Append::key);
        return locked(
                "append to " + group.size() + " runs",
                within,
                () -> group.stream().map(chains::append).toList());
    }

    @Override
    public void keep(long key, Commitment commitment, byte[] body, Duration within) {
        locked(
                "keep a payload of run " + key,
                within,
                () -> existing("keep a payload", key).keep(commitment, body));
    }

    @Override
    public Optional<RunRow> find(RunRef run, Duration within) {
        return locked("find run " + run, within, () -> chains.named(run).map(Chain::row));
    }

    @Override
    public List<Event> read(long key, long afterSeq, int max, Duration within) {
        if (max < 1) {
            throw new IllegalArgumentException(
                    "read of run " + key + ": at least one event is asked for, found " + max);
        }
        return locked(
                "read run " + key,
                within,
                () -> chains.at(key).map(chain -> chain.read(afterSeq, max)).orElse(List.of()));
    }

    @Override
    public Optional<byte[]> kept(long key, Commitment commitment, Duration within) {
        return locked(
                "read a payload of run " + key, within, () -> chains.at(key).flatMap(chain -> chain.kept(commitment)));
    }

    @Override
    public List<RunRow> runs(long afterKey, int max, Duration within) {
        requireOne("list runs", max);
        return locked(
                "list runs",
                within,
                () -> chains.behind(afterKey).limit(max).map(Chain::row).toList());
    }

    @Override
    public List<Commitment> keptOf(long key, Optional<Commitment> after, int max, Duration within) {
        requireOne("list the payloads of run " + key, max);
        return locked(
                "list the payloads of run " + key,
                within,
                () -> chains.at(key).map(chain -> chain.keptOf(after, max)).orElse(List.of()));
    }

    @Override
    public List<Boolean> replace(List<Replacement> group, Duration within) {
        return locked(
                "replace the payloads beside " + group.size() + " events",
                within,
                () -> group.stream()
                        .map(entry -> chains.at(entry.key())
                                .filter(chain -> chain.replace(entry))
                                .isPresent())
                        .toList());
    }

    @Override
    public boolean replaceKept(long key, Commitment commitment, byte[] known, byte[] next, Duration within) {
        return locked(
                "replace a payload of run " + key,
                within,
                () -> chains.at(key)
                        .filter(chain -> chain.replaceKept(commitment, known, next))
                        .isPresent());
    }

    @Override
    public List<ListedRun> list(RunQuery query, Optional<RunPlace> behind, Duration within) {
        return locked("list runs", within, () -> chains.list(query, behind));
    }

    @Override
    public List<DisposalResult> dispose(List<Disposal> group, Duration within) {
        OncePerRun.check("dispose", group, Disposal::key);
        return locked(
                "dispose of " + group.size() + " runs",
                within,
                () -> group.stream()
                        .map(disposal -> chains.dispose(disposal, hosts.now()))
                        .toList());
    }

    @Override
    public List<Disposed> disposed(long key, Duration within) {
        return locked(
                "read what was disposed of run " + key,
                within,
                () -> chains.at(key).map(Chain::disposed).orElse(List.of()));
    }

    @Override
    public List<RunRow> claimLapsed(long host, int max, Duration within) {
        return locked("claim lapsed runs for host " + host, within, () -> {
            if (!hosts.present(host)) {
                return List.of();
            }
            return chains.open()
                    .filter(chain -> chain.lastOwner() != host)
                    .filter(chain -> chain.released() || hosts.lapsed(chain.lastOwner()))
                    .limit(max)
                    .map(chain -> chain.ownedBy(host))
                    .toList();
        });
    }

    @Override
    public List<RunRow> owned(long host, long afterKey, int max, Duration within) {
        if (max < 1) {
            throw new IllegalArgumentException(
                    "list the runs of host " + host + ": at least one is asked for, found " + max);
        }
        return locked(
                "list the runs of host " + host,
                within,
                () -> chains.open()
                        .filter(chain -> chain.row().key() > afterKey && chain.isOwnedBy(host))
                        .limit(max)
                        .map(Chain::row)
                        .toList());
    }

    @Override
    public Optional<RunRow> claim(long key, long from, long host, Duration within) {
        return locked(
                "claim run " + key + " for host " + host,
                within,
                () -> chains.at(key).map(chain -> {
                    boolean moves = chain.isOwnedBy(from) && hosts.present(host);
                    if (moves) {
                        hosts.takenFrom(from);
                    }
                    return moves ? chain.ownedBy(host) : chain.row();
                }));
    }

    @Override
    public void release(long key, long host, Duration within) {
        locked("release run " + key, within, () -> chains.at(key).ifPresent(chain -> chain.release(host)));
    }

    @Override
    public long put(InboxMessage message, Duration within) {
        return locked("put a message for run " + message.key(), within, () -> {
            boolean closedRun = existing("put a message", message.key()).closed();
            return closedRun ? 0L : inbox.put(message);
        });
    }

    @Override
    public List<InboxMessage> inbox(long host, int max, Duration within) {
        return locked(
                "read the inbox of host " + host,
                within,
                () -> inbox.messages()
                        .filter(message -> chains.ownedBy(message.key(), host))
                        .limit(max)
                        .toList());
    }

    @Override
    public void discard(List<Long> ids, Duration within) {
        locked("discard " + ids.size() + " messages", within, () -> inbox.discard(ids));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private static void requireOne(String attempt, int max) {
        if (max < 1) {
            throw new IllegalArgumentException(attempt + ": at least one is asked for, found " + max);
        }
    }

    private Chain existing(String attempt, long key) {
        return chains.at(key).orElseThrow(() -> new LanternException(attempt + ": there is no run with key " + key));
    }

    private void locked(String attempt, Duration within, Runnable work) {
        locked(attempt, within, () -> {
            work.run();
            return true;
        });
    }

    private <T> T locked(String attempt, Duration within, Supplier<T> work) {
        enter(attempt, within);
        try {
            if (closed) {
                throw new LanternException(attempt + ": this journal is closed");
            }
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void enter(String attempt, Duration within) {
        try {
            if (within.isNegative() || within.isZero() || !lock.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new LanternException(attempt + ": gave up, its time of " + within + " has passed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException(attempt + ": gave up, the thread was interrupted", e);
        }
    }
}
