package dev.lantern.core.format;

import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.run.ChainVerdict;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes a run's chain, event by event, and names the first sequence number at which it is not what was written.
 *
 * <p>Memory does not grow with the chain. A chain alone cannot tell that its tail was cut off or that all of it was
 * written anew; for that, give the head that somebody kept elsewhere. One thread.
 *
 * <pre>{@code
 * ChainVerifier verifier = ChainVerifier.endingAt(run, head);
 * rows.forEach(verifier::add);
 * ChainVerdict verdict = verifier.verdict();
 * }</pre>
 */
public final class ChainVerifier {
    private enum Expectation {
        NONE,
        PASSES_THROUGH,
        ENDS_AT
    }

    private final RunRef run;
    private final Expectation expectation;
    private final Head expected;

    private Head head;
    private ChainVerdict.@Nullable Broken broken;
    private @Nullable Gap gap;

    private ChainVerifier(RunRef run, Expectation expectation, Head expected) {
        this.run = run;
        this.expectation = expectation;
        this.expected = expected;
        this.head = Chain.genesis(run);
    }

    /** Checks the chain in itself. A cut tail is not seen. */
    public static ChainVerifier of(RunRef run) {
        return new ChainVerifier(run, Expectation.NONE, Chain.genesis(run));
    }

    /** Checks that {@code expected} is the chain's end. */
    public static ChainVerifier endingAt(RunRef run, Head expected) {
        return new ChainVerifier(run, Expectation.ENDS_AT, expected);
    }

    /** Checks that the chain passes through {@code expected}; it may have grown since. */
    public static ChainVerifier passingThrough(RunRef run, Head expected) {
        return new ChainVerifier(run, Expectation.PASSES_THROUGH, expected);
    }

    /** Takes the next event, in the order in which the journal gives them. */
    public void add(Event event) {
        add(event.seq(), event.bytes(), event.hash());
    }

    /**
     * Takes the next event.
     *
     * @param seq the number under which it is stored
     * @param bytes the event as it is stored
     * @param hash the chain's hash that is stored with it
     */
    public void add(long seq, byte[] bytes, Digest hash) {
        if (broken != null) {
            return;
        }
        Head next = Chain.append(head, bytes);
        EventEnvelope event;
        try {
            event = EventEnvelope.parse(bytes);
        } catch (LanternException e) {
            notAnEvent(next, hash, e);
            return;
        }
        if (!event.run().equals(run)) {
            breakAt(
                    expectedSeq(),
                    ChainVerdict.Flaw.WRONG_RUN,
                    "an event of run " + event.run() + " in the chain of " + run);
        } else if (gap != null) {
            broken = gap.judge(event.seq());
        } else if (event.seq() == next.seq()) {
            follow(seq, next, hash);
        } else if (event.seq() > next.seq()) {
            gap = new Gap(next.seq(), event.seq());
        } else {
            breakAt(event.seq(), ChainVerdict.Flaw.ADDED, "a second event of this number");
        }
    }

    /** The verdict over what was added so far. */
    public ChainVerdict verdict() {
        if (broken != null) {
            return broken;
        }
        if (gap != null) {
            return gap.neverFilled();
        }
        if (expectation != Expectation.NONE && head.seq() < expected.seq()) {
            return new ChainVerdict.Broken(
                    head.seq() + 1,
                    head.seq() == 0 ? ChainVerdict.Flaw.EMPTY : ChainVerdict.Flaw.TRUNCATED,
                    "the chain ends at " + head.seq() + ", and " + expected.seq() + " events were written");
        }
        if (head.seq() == 0) {
            return new ChainVerdict.Broken(1, ChainVerdict.Flaw.EMPTY, "no event; every run has at least one");
        }
        return new ChainVerdict.Intact(head.seq(), head.hash());
    }

    /** Ends the verification at a number where there is nothing that could be an event. */
    void unreadable(String detail) {
        if (broken == null) {
            breakAt(expectedSeq(), ChainVerdict.Flaw.MALFORMED, detail);
        }
    }

    private void follow(long storedSeq, Head next, Digest storedHash) {
        if (!next.hash().equals(storedHash)) {
            breakAt(next.seq(), ChainVerdict.Flaw.EDITED, "the hash of the event is not the one stored with it");
        } else if (storedSeq != next.seq()) {
            breakAt(next.seq(), ChainVerdict.Flaw.EDITED, "the event is stored under number " + storedSeq);
        } else if (expectation == Expectation.ENDS_AT && next.seq() > expected.seq()) {
            breakAt(next.seq(), ChainVerdict.Flaw.ADDED, "the chain was expected to end at " + expected.seq());
        } else if (expectation != Expectation.NONE
                && next.seq() == expected.seq()
                && !next.hash().equals(expected.hash())) {
            breakAt(
                    next.seq(),
                    ChainVerdict.Flaw.REWRITTEN,
                    "the chain holds in itself but not against the expected head: events at or before this number were changed and hashed anew");
        } else {
            head = next;
        }
    }

    private void notAnEvent(Head next, Digest storedHash, LanternException why) {
        if (next.hash().equals(storedHash)) {
            breakAt(expectedSeq(), ChainVerdict.Flaw.MALFORMED, why.getMessage());
        } else {
            breakAt(
                    expectedSeq(),
                    ChainVerdict.Flaw.EDITED,
                    "the event is no longer an event, and its hash is not the one stored with it");
        }
    }

    private long expectedSeq() {
        return gap == null ? head.seq() + 1 : gap.missing;
    }

    private void breakAt(long seq, ChainVerdict.Flaw flaw, String detail) {
        broken = new ChainVerdict.Broken(seq, flaw, detail);
    }

    /**
     * A number that was passed over. What follows tells what happened to it: it turns up later (reordered), what
     * stands in its place belongs nowhere (edited), or everything behind it follows on (removed).
     */
    private static final class Gap {
        private final long missing;
        private final long instead;
        private Optional<ChainVerdict.Flaw> flaw = Optional.empty();

        private Gap(long missing, long instead) {
            this.missing = missing;
            this.instead = instead;
        }

        private ChainVerdict.@Nullable Broken judge(long seq) {
            if (seq == missing) {
                return broken(ChainVerdict.Flaw.REORDERED);
            }
            if (flaw.isEmpty()) {
                flaw = Optional.of(seq == instead + 1 ? ChainVerdict.Flaw.REMOVED : ChainVerdict.Flaw.EDITED);
            }
            return null;
        }

        private ChainVerdict.Broken neverFilled() {
            return broken(flaw.orElse(ChainVerdict.Flaw.REMOVED));
        }

        private ChainVerdict.Broken broken(ChainVerdict.Flaw flaw) {
            return new ChainVerdict.Broken(
                    missing, flaw, "event " + instead + " stands where event " + missing + " belongs");
        }
    }
}
