package dev.lantern.testkit.contract;

import dev.lantern.core.format.Chain;
import dev.lantern.journal.Append;
import dev.lantern.journal.Create;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.InboxMessage;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run as a correct owner knows it: makes the next calls, and remembers what was acknowledged. */
final class TestRun {
    /** When a test's runs are created, unless it matters. */
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final RunRef ref;
    private final List<Event> events = new ArrayList<>();
    private long key;
    private int epoch;
    private Head head;

    TestRun(RunRef ref) {
        this.ref = ref;
        this.head = Chain.genesis(ref);
    }

    RunRef ref() {
        return ref;
    }

    long key() {
        return key;
    }

    int epoch() {
        return epoch;
    }

    Head head() {
        return head;
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    Create create(long host, String... texts) {
        return create(host, "triage", RunLabels.none(), NOON, texts);
    }

    Create create(long host, String agent, RunLabels labels, Instant created, String... texts) {
        return new Create(ref, host, agent, labels, created, RunStatus.PENDING, next(Chain.genesis(ref), texts));
    }

    Append append(long host, String... texts) {
        return append(new Fence(host, epoch, head), texts);
    }

    Append append(Fence fence, String... texts) {
        return new Append(key, fence, next(fence.head(), texts), fence.epoch(), RunStatus.RUNNING, false);
    }

    Append raisingEpoch(long host, String... texts) {
        Fence fence = new Fence(host, epoch, head);
        return new Append(key, fence, next(head, texts), epoch + 1, RunStatus.RESUMING, false);
    }

    Append closing(long host, String... texts) {
        Fence fence = new Fence(host, epoch, head);
        return new Append(key, fence, next(head, texts), epoch, RunStatus.SUCCEEDED, true);
    }

    void written(long newKey, List<Event> first) {
        key = newKey;
        remember(first);
    }

    void written(Append append) {
        epoch = append.epoch();
        remember(append.events());
    }

    /** Events behind {@code head}, each with its text as bytes and nothing erasable. */
    static List<Event> next(Head head, String... texts) {
        List<Event> next = new ArrayList<>();
        Head at = head;
        for (String text : texts) {
            Event event = event(at, text, Optional.empty());
            at = new Head(event.seq(), event.hash());
            next.add(event);
        }
        return next;
    }

    static Event event(Head head, String text, Optional<Event.Erasable> erasable) {
        byte[] bytes = bytes(text);
        Head at = Chain.append(head, bytes);
        return new Event(at.seq(), bytes, at.hash(), erasable);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Commitment commitment(String text) {
        return new Commitment(Digest.sha256(bytes(text)));
    }

    static InboxMessage message(long key, String kind, String body) {
        return new InboxMessage(0, key, kind, bytes(body));
    }

    private void remember(List<Event> written) {
        events.addAll(written);
        Event last = written.get(written.size() - 1);
        head = new Head(last.seq(), last.hash());
    }
}
