package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One watch: its place in the history, and what stood when it began. */
final class Watch implements Feed {
    private final World world;
    private final Filter filter;
    private final boolean wantsBookmarks;
    private final @Nullable Instant until;
    private final Deque<Stored> initial;
    private long position;
    private long bookmarks;
    private boolean over;

    Watch(
            World world,
            Filter filter,
            long position,
            Collection<Stored> initial,
            boolean wantsBookmarks,
            @Nullable Instant until) {
        this.world = world;
        this.filter = filter;
        this.position = position;
        this.initial = new ArrayDeque<>(initial);
        this.wantsBookmarks = wantsBookmarks;
        this.until = until;
        this.bookmarks = world.bookmarks();
    }

    @Override
    public void pull(Sink sink) {
        while (!over && sink.ready() && !initial.isEmpty()) {
            sink.write(line("ADDED", initial.remove().typed()));
        }
        if (!over && initial.isEmpty()) {
            follow(sink);
        }
    }

    private void follow(Sink sink) {
        History history = world.store().history();
        if (!history.watchableFrom(position)) {
            expire(sink);
            return;
        }
        for (int place = history.firstAfter(position); place < history.size() && sink.ready(); place++) {
            Change change = history.at(place);
            event(change).ifPresent(sink::write);
            position = change.version();
        }
        if (!sink.ready()) {
            return;
        }
        if (wantsBookmarks && bookmarks != world.bookmarks()) {
            bookmarks = world.bookmarks();
            sink.write(bookmark());
        }
        if (until != null && !world.now().isBefore(until)) {
            over = true;
            if (wantsBookmarks) {
                sink.write(bookmark());
            }
            sink.end();
        }
    }

    /** An expired watch is no HTTP error: the answer has begun, so it is the last event. */
    private void expire(Sink sink) {
        over = true;
        byte[] status = Trees.write(Statuses.expired("too old resource version: " + position + " ("
                        + world.store().version() + ")")
                .status());
        sink.write(line("ERROR", status));
        sink.end();
    }

    /** What the change is to somebody who sees only what the filter lets through. */
    private Optional<byte[]> event(Change change) {
        Stored before = change.before();
        Stored after = change.after();
        boolean was = filter.matches(before);
        boolean is = filter.matches(after);
        if (is && after != null) {
            return Optional.of(line(was ? "MODIFIED" : "ADDED", after.typed()));
        }
        if (was && before != null) {
            ObjectNode last = before.tree();
            Trees.child(last, "metadata").put("resourceVersion", Long.toString(change.version()));
            return Optional.of(line("DELETED", Trees.write(last)));
        }
        return Optional.empty();
    }

    private byte[] bookmark() {
        ObjectNode object = Trees.object();
        object.put("kind", filter.type().kind());
        object.put("apiVersion", filter.type().apiVersion());
        object.putObject("metadata")
                .put(
                        "resourceVersion",
                        Long.toString(Math.max(position, world.store().version())));
        return line("BOOKMARK", Trees.write(object));
    }

    private static byte[] line(String type, byte[] object) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(object.length + 40);
        line.writeBytes(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.UTF_8));
        line.writeBytes(object);
        line.writeBytes(new byte[] {'}', '\n'});
        return line.toByteArray();
    }
}
