package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.Create;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Chains for tests, computed as the design writes them down. */
final class TestEvents {
    private static final byte[] LEAF = {0};
    private static final byte[] LINK = {2};

    private TestEvents() {}

    static Head genesis(RunRef run) {
        return new Head(0, Digest.sha256(bytes("lantern/journal/v1\n" + run.tenant() + "\0" + run.run())));
    }

    static Head next(Head head, byte[] event) {
        Digest leaf = Digest.sha256(LEAF, event);
        return new Head(head.seq() + 1, Digest.sha256(LINK, head.hash().bytes(), leaf.bytes()));
    }

    static Event event(Head head, byte[] bytes, Optional<Event.Erasable> erasable) {
        Head after = next(head, bytes);
        return new Event(after.seq(), bytes, after.hash(), erasable);
    }

    static Create create(RunRef run, long host, String text) {
        List<Event> events = List.of(event(genesis(run), bytes(text), Optional.empty()));
        return new Create(run, host, "triage", RunLabels.none(), Instant.EPOCH, RunStatus.RUNNING, events);
    }

    static Append append(RunRow row, String text) {
        return append(row, event(row.head(), bytes(text), Optional.empty()));
    }

    static Append append(RunRow row, Event event) {
        Fence fence = new Fence(row.host().getAsLong(), row.epoch(), row.head());
        return new Append(row.key(), fence, List.of(event), row.epoch(), row.status(), false);
    }

    static Append closing(RunRow row, String text) {
        Append last = append(row, text);
        return new Append(last.key(), last.fence(), last.events(), last.epoch(), last.status(), true);
    }

    /** The row as it is once {@code append} has won. */
    static RunRow after(RunRow row, Append append) {
        return new RunRow(row.run(), row.key(), row.host(), append.epoch(), append.after(), append.status());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
