package dev.lantern.testkit.sim;

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
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Journals, and connections to one, that keep less than they promise. */
final class JournalMutants {
    private static final Duration SOON = Duration.ofSeconds(1);

    private JournalMutants() {}

    /** A journal that forgets one part of the fence; what it compares is made to fit. */
    static final class Unfenced extends ForwardingJournal {
        private final Map<Long, RunRef> names = new LinkedHashMap<>();
        private final boolean host;
        private final boolean head;

        /**
         * @param host whether the host is not compared
         * @param head whether the head is not compared
         */
        Unfenced(Journal inner, boolean host, boolean head) {
            super(inner);
            this.host = host;
            this.head = head;
        }

        @Override
        public List<CreateResult> create(List<Create> group, Duration within) {
            List<CreateResult> results = super.create(group, within);
            for (Create create : group) {
                inner().find(create.run(), SOON).ifPresent(row -> names.put(row.key(), row.run()));
            }
            return results;
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            return super.append(group.stream().map(this::fitted).toList(), within);
        }

        private Append fitted(Append append) {
            RunRow row = inner().find(names.get(append.key()), SOON).orElseThrow();
            Fence fence = append.fence();
            if (row.host().isEmpty() || repeats(append)) {
                return append;
            }
            if (host && fence.host() != row.host().getAsLong()) {
                fence = new Fence(row.host().getAsLong(), fence.epoch(), fence.head());
            }
            if (head && !fence.head().equals(row.head())) {
                return moved(append, new Fence(fence.host(), row.epoch(), row.head()));
            }
            return new Append(append.key(), fence, append.events(), append.epoch(), append.status(), append.closes());
        }

        private boolean repeats(Append append) {
            List<Event> there = inner().read(append.key(), append.after().seq() - 1, 1, SOON);
            return !there.isEmpty() && there.get(0).hash().equals(append.after().hash());
        }
    }

    /** The same events behind another head: numbers fit, hashes do not follow. */
    static Append moved(Append append, Fence fence) {
        List<Event> events = new ArrayList<>();
        long seq = fence.head().seq();
        for (Event event : append.events()) {
            events.add(new Event(++seq, event.bytes(), event.hash(), event.erasable()));
        }
        int epoch = fence.epoch() + append.epoch() - append.fence().epoch();
        return new Append(append.key(), fence, events, epoch, append.status(), append.closes());
    }

    /** A connection that answers appends at once and writes them a little later, if its host still lives. */
    static final class EarlyAnswers extends ForwardingJournal {
        private final Agenda agenda;
        private final Life host;

        EarlyAnswers(Journal inner, Agenda agenda, Life host) {
            super(inner);
            this.agenda = agenda;
            this.host = host;
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            agenda.in(host, Duration.ofMillis(5), () -> write(group));
            return group.stream()
                    .<AppendResult>map(append -> new AppendResult.Appended(append.after()))
                    .toList();
        }

        private void write(List<Append> group) {
            try {
                super.append(group, SOON);
            } catch (LanternException | IllegalStateException e) {
                agenda.in(host, Duration.ofMillis(5), () -> write(group));
            }
        }
    }

    /** A connection that takes every exception of an append for one certain outcome. */
    static final class Certain extends ForwardingJournal {
        enum Belief {
            WRITTEN,
            NOT_WRITTEN
        }

        private final Belief belief;

        Certain(Journal inner, Belief belief) {
            super(inner);
            this.belief = belief;
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            try {
                return super.append(group, within);
            } catch (LanternException | IllegalStateException e) {
                return group.stream().map(this::believed).toList();
            }
        }

        private AppendResult believed(Append append) {
            return belief == Belief.WRITTEN
                    ? new AppendResult.Appended(append.after())
                    : new AppendResult.NotOwner(OptionalLong.empty());
        }
    }

    /** A connection that, losing to another head, tries again behind that head. */
    static final class Stubborn extends ForwardingJournal {
        Stubborn(Journal inner) {
            super(inner);
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            List<AppendResult> results = new ArrayList<>(super.append(group, within));
            for (int i = 0; i < results.size(); i++) {
                Append append = group.get(i);
                if (results.get(i) instanceof AppendResult.Conflict conflict) {
                    Head head = conflict.current();
                    Fence fence =
                            new Fence(append.fence().host(), append.fence().epoch(), head);
                    results.set(
                            i,
                            super.append(List.of(moved(append, fence)), within).get(0));
                }
            }
            return results;
        }
    }

    /** A connection that reads each chain once and never again. */
    static final class StaleReads extends ForwardingJournal {
        private final Map<Long, List<Event>> read = new LinkedHashMap<>();

        StaleReads(Journal inner) {
            super(inner);
        }

        @Override
        public List<Event> read(long key, long afterSeq, int max, Duration within) {
            return max == 1
                    ? super.read(key, afterSeq, max, within)
                    : read.computeIfAbsent(key, k -> super.read(key, afterSeq, max, within));
        }
    }

    /** A journal in which a run that was taken by name can still be written to by who owned it before. */
    static final class MovedUnfenced extends ForwardingJournal {
        private final Map<Long, Long> former = new LinkedHashMap<>();
        private final Map<Long, Long> owners = new LinkedHashMap<>();

        MovedUnfenced(Journal inner) {
            super(inner);
        }

        @Override
        public Optional<RunRow> claim(long key, long from, long host, Duration within) {
            Optional<RunRow> row = super.claim(key, from, host, within);
            if (row.isPresent() && row.get().host().equals(OptionalLong.of(host))) {
                former.put(key, from);
                owners.put(key, host);
            }
            return row;
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            return super.append(group.stream().map(this::admitted).toList(), within);
        }

        private Append admitted(Append append) {
            Fence fence = append.fence();
            Long before = former.get(append.key());
            return before == null || before != fence.host()
                    ? append
                    : new Append(
                            append.key(),
                            new Fence(owners.get(append.key()), fence.epoch(), fence.head()),
                            append.events(),
                            append.epoch(),
                            append.status(),
                            append.closes());
        }
    }

    /** A connection that, told that an append stands already, writes it again behind it. */
    static final class WritesTwice extends ForwardingJournal {
        WritesTwice(Journal inner) {
            super(inner);
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            List<AppendResult> results = new ArrayList<>(super.append(group, within));
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i) instanceof AppendResult.Replayed) {
                    Append append = group.get(i);
                    Fence fence = new Fence(append.fence().host(), append.epoch(), append.after());
                    results.set(
                            i,
                            super.append(List.of(again(append, fence)), within).get(0));
                }
            }
            return results;
        }

        private static Append again(Append append, Fence fence) {
            Append moved = moved(append, fence);
            return new Append(moved.key(), fence, moved.events(), fence.epoch(), moved.status(), moved.closes());
        }
    }

    /** A connection on which what is written again is in its group twice. */
    static final class OneRunTwice extends ForwardingJournal {
        private final List<Append> failed = new ArrayList<>();

        OneRunTwice(Journal inner) {
            super(inner);
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            List<Append> doubled = new ArrayList<>(group);
            group.stream().filter(failed::contains).forEach(doubled::add);
            failed.removeAll(group);
            try {
                return super.append(doubled, within).subList(0, group.size());
            } catch (LanternException | IllegalStateException e) {
                failed.addAll(group);
                throw e;
            }
        }
    }

    /** A journal that does not refuse such a group: as one statement would, it tests all fences before it writes any. */
    static final class SecondUnseen extends ForwardingJournal {
        SecondUnseen(Journal inner) {
            super(inner);
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            int runs = (int) group.stream().mapToLong(Append::key).distinct().count();
            List<Append> alone = group.subList(0, runs);
            List<AppendResult> results = new ArrayList<>(super.append(alone, within));
            for (Append second : group.subList(alone.size(), group.size())) {
                results.add(second(second, results.get(alone.indexOf(second))));
            }
            return results;
        }

        private AppendResult second(Append append, AppendResult first) {
            if (!(first instanceof AppendResult.Appended appended) || append.closes()) {
                return first;
            }
            Fence behind = new Fence(append.fence().host(), append.epoch(), appended.head());
            Append again = moved(append, behind);
            return super.append(
                            List.of(new Append(
                                    again.key(), behind, again.events(), behind.epoch(), again.status(), false)),
                            SOON)
                    .get(0);
        }
    }

    /** A journal that answers a release and forgets it. */
    static final class NothingReleased extends ForwardingJournal {
        NothingReleased(Journal inner) {
            super(inner);
        }

        @Override
        public void release(long key, long host, Duration within) {
            // Kept.
        }
    }

    /** A journal that loses every message that is put into it. */
    static final class LostMessages extends ForwardingJournal {
        LostMessages(Journal inner) {
            super(inner);
        }

        @Override
        public long put(InboxMessage message, Duration within) {
            return 1;
        }
    }

    /** A connection that removes inbox messages as it reads them. */
    static final class ForgetfulInbox extends ForwardingJournal {
        ForgetfulInbox(Journal inner) {
            super(inner);
        }

        @Override
        public List<InboxMessage> inbox(long host, int max, Duration within) {
            List<InboxMessage> messages = super.inbox(host, max, within);
            super.discard(messages.stream().map(InboxMessage::id).toList(), within);
            return messages;
        }
    }

    /** A connection whose host counts its lease four times as long as the journal does. */
    static final class LongLease extends ForwardingJournal {
        LongLease(Journal inner) {
            super(inner);
        }

        @Override
        public HostLease join(String address, Duration lease, Duration within) {
            return super.join(address, lease.dividedBy(4), within);
        }

        @Override
        public Optional<HostLease> renew(long host, Duration lease, Duration within) {
            return super.renew(host, lease.dividedBy(4), within);
        }
    }

    /** A connection that does not tell a host which runs it owns. */
    static final class NothingOwned extends ForwardingJournal {
        NothingOwned(Journal inner) {
            super(inner);
        }

        @Override
        public List<RunRow> claimLapsed(long host, int max, Duration within) {
            try {
                return super.claimLapsed(host, max, within);
            } catch (LanternException | IllegalStateException e) {
                // As if nothing had happened: nobody looks for what was claimed.
                return List.of();
            }
        }
    }

    /** A connection on which a large payload is not stored before the event that commits to it. */
    static final class NothingKept extends ForwardingJournal {
        NothingKept(Journal inner) {
            super(inner);
        }

        @Override
        public void keep(long key, Commitment commitment, byte[] body, Duration within) {
            // Some other time.
        }
    }
}
