package dev.lantern.core.memory;

import dev.lantern.journal.InboxMessage;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Messages in the order in which they were put. Guarded by the journal's lock. */
final class Inbox {
    private final TreeMap<Long, InboxMessage> messages = new TreeMap<>();
    private long last;

    long put(InboxMessage message) {
        long id = ++last;
        messages.put(id, new InboxMessage(id, message.key(), message.kind(), message.body()));
        return id;
    }

    Stream<InboxMessage> messages() {
        return messages.values().stream();
    }

    void discard(List<Long> ids) {
        ids.forEach(messages::remove);
    }
}
