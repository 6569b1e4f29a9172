package dev.lantern.core.engine;

import dev.lantern.value.RunRef;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The runs that this host looks after, by name and by the journal's key. Thread-safe. */
final class OwnedRuns {
    private final ConcurrentSkipListMap<RunRef, Mailbox> byName = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Mailbox> byKey = new ConcurrentSkipListMap<>();

    Mailbox add(Mailbox mailbox) {
        byName.put(mailbox.run(), mailbox);
        byKey.put(mailbox.key(), mailbox);
        return mailbox;
    }

    /** Removes this mailbox, and not one that took its place meanwhile. */
    void remove(Mailbox mailbox) {
        byName.remove(mailbox.run(), mailbox);
        byKey.remove(mailbox.key(), mailbox);
    }

    boolean contains(RunRef run) {
        return byName.containsKey(run);
    }

    Optional<Mailbox> find(RunRef run) {
        return Optional.ofNullable(byName.get(run));
    }

    Optional<Mailbox> find(long key) {
        return Optional.ofNullable(byKey.get(key));
    }

    Collection<Mailbox> all() {
        return byName.values();
    }

    int size() {
        return byName.size();
    }
}
