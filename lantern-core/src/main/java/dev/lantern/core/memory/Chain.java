package dev.lantern.core.memory;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Disposed;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.Replacement;
import dev.lantern.journal.RunRow;
import dev.lantern.run.Retained;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Commitment;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One run: its row, its events, its large payloads. Guarded by the journal's lock. */
final class Chain {
    private final RunRef run;
    private final long key;
    private final String agent;
    private final Instant created;
    private final List<Event> events;
    private final Map<Commitment, byte[]> kept = new LinkedHashMap<>();
    private final List<Disposed> disposed = new ArrayList<>();
    private RunLabels labels;
    private Retained retained = Retained.WHOLE;
    private OptionalLong host;
    /** Who gave the run up, while nobody owns it. */
    private OptionalLong releasedBy = OptionalLong.empty();

    private boolean closed;
    private int epoch;
    private Head head;
    private RunStatus status;

    Chain(long key, Create create) {
        this.run = create.run();
        this.key = key;
        this.agent = create.agent();
        this.created = create.created();
        this.labels = create.labels();
        this.host = OptionalLong.of(create.host());
        this.events = new ArrayList<>(create.events());
        this.head = create.after();
        this.status = create.status();
    }

    AppendResult append(Append append) {
        if (holds(append.after())) {
            return new AppendResult.Replayed(append.after());
        }
        if (!isOwnedBy(append.fence().host())) {
            return new AppendResult.NotOwner(host);
        }
        if (epoch != append.fence().epoch()) {
            return new AppendResult.StaleEpoch(epoch);
        }
        if (!head.equals(append.fence().head())) {
            return new AppendResult.Conflict(head);
        }
        return write(append);
    }

    /** Whether the chain passes through {@code place}: with the hash there, everything before it is the same too. */
    boolean holds(Head place) {
        return place.seq() <= events.size()
                && events.get(Math.toIntExact(place.seq() - 1)).hash().equals(place.hash());
    }

    RunRow row() {
        return new RunRow(run, key, host, epoch, head, status, retained);
    }

    ListedRun listed() {
        return new ListedRun(row(), agent, labels, created);
    }

    boolean isChosenBy(RunQuery query) {
        return query.tenant().map(run.tenant()::equals).orElse(true)
                && query.agent().map(agent::equals).orElse(true)
                && query.statuses().contains(status)
                && query.retained().contains(retained)
                && query.openness().map(open -> open != closed()).orElse(true)
                && query.createdFrom().map(from -> !created.isBefore(from)).orElse(true)
                && query.createdBefore().map(created::isBefore).orElse(true)
                && query.labels().within(labels);
    }

    List<Event> read(long afterSeq, int max) {
        int from = (int) Math.min(Math.max(afterSeq, 0), events.size());
        int to = (int) Math.min((long) from + max, events.size());
        return List.copyOf(events.subList(from, to));
    }

    void keep(Commitment commitment, byte[] body) {
        if (!closed()) {
            kept.putIfAbsent(commitment, body);
        }
    }

    Optional<byte[]> kept(Commitment commitment) {
        return Optional.ofNullable(kept.get(commitment));
    }

    List<Commitment> keptOf(Optional<Commitment> after, int max) {
        // Hexadecimal digits sort as the bytes do.
        return kept.keySet().stream()
                .sorted(Comparator.comparing(Commitment::hex))
                .filter(commitment -> after.isEmpty()
                        || commitment.hex().compareTo(after.get().hex()) > 0)
                .limit(max)
                .toList();
    }

    /** Whether what the caller knows stood there, and is replaced. */
    boolean replace(Replacement entry) {
        if (entry.seq() < 1 || entry.seq() > events.size()) {
            return false;
        }
        int place = Math.toIntExact(entry.seq() - 1);
        Event event = events.get(place);
        if (!event.erasable().equals(Optional.of(entry.known()))) {
            return false;
        }
        events.set(place, new Event(event.seq(), event.bytes(), event.hash(), Optional.of(entry.next())));
        return true;
    }

    boolean replaceKept(Commitment commitment, byte[] known, byte[] next) {
        byte[] found = kept.get(commitment);
        if (found == null || !Arrays.equals(found, known)) {
            return false;
        }
        kept.put(commitment, next);
        return true;
    }

    DisposalResult dispose(Disposal disposal, Instant now) {
        if (!closed()) {
            return new DisposalResult.Open(host);
        }
        if (!head.equals(disposal.head())) {
            return new DisposalResult.Conflict(head);
        }
        Retained left = disposal.kind().left();
        if (left.compareTo(retained) > 0) {
            retained = left;
            kept.clear();
            disposed.add(new Disposed(disposal.kind(), now, disposal.reason()));
            if (left == Retained.CHAIN) {
                events.replaceAll(event -> new Event(event.seq(), event.bytes(), event.hash(), Optional.empty()));
            } else {
                events.clear();
                labels = RunLabels.none();
            }
        }
        return new DisposalResult.Done();
    }

    List<Disposed> disposed() {
        return List.copyOf(disposed);
    }

    RunRow ownedBy(long newHost) {
        host = OptionalLong.of(newHost);
        releasedBy = OptionalLong.empty();
        return row();
    }

    void release(long owner) {
        if (isOwnedBy(owner)) {
            host = OptionalLong.empty();
            releasedBy = OptionalLong.of(owner);
        }
    }

    boolean isOwnedBy(long other) {
        return host.isPresent() && host.getAsLong() == other;
    }

    /** The owner of an open run, or who was it last. */
    long lastOwner() {
        return host.orElseGet(releasedBy::getAsLong);
    }

    boolean released() {
        return releasedBy.isPresent();
    }

    boolean closed() {
        return closed;
    }

    private AppendResult write(Append append) {
        events.addAll(append.events());
        head = append.after();
        epoch = append.epoch();
        status = append.status();
        if (append.closes()) {
            host = OptionalLong.empty();
            closed = true;
        }
        return new AppendResult.Appended(head);
    }
}
