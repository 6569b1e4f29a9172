package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The resources as they are, and how they came to be: one counter numbers every write to any of them. It decides
 * nothing. Used under the lock of its {@link World}.
 */
final class Store {
    private static final long FIRST_VERSION = 1000;

    private final NavigableMap<Key, Stored> live = new TreeMap<>();
    private final Map<String, Set<Key>> dependents = new LinkedHashMap<>();
    private final Map<String, Key> byUid = new LinkedHashMap<>();
    private final History history = new History(FIRST_VERSION);
    private long version = FIRST_VERSION;

    Optional<Stored> find(Key key) {
        return Optional.ofNullable(live.get(key));
    }

    boolean has(Key key) {
        return live.containsKey(key);
    }

    Stored put(Key key, ObjectNode tree) {
        version++;
        Trees.child(tree, "metadata").put("resourceVersion", Long.toString(version));
        Stored after = Stored.of(key, version, tree);
        Stored before = live.put(key, after);
        unlink(before);
        byUid.put(after.uid(), key);
        for (String owner : after.owners()) {
            dependents.computeIfAbsent(owner, any -> new LinkedHashSet<>()).add(key);
        }
        history.add(new Change(version, before, after));
        return after;
    }

    void remove(Key key) {
        Stored before = live.remove(key);
        if (before != null) {
            version++;
            unlink(before);
            byUid.remove(before.uid());
            history.add(new Change(version, before, null));
        }
    }

    long version() {
        return version;
    }

    History history() {
        return history;
    }

    /** In the order of lists; of every namespace where it is empty. The store may be written to meanwhile. */
    List<Stored> all(ResourceType type, String namespace) {
        return new ArrayList<>(within(live, type, namespace));
    }

    List<Stored> all(ResourceType type) {
        return all(type, "");
    }

    /** As it was; only asked for versions that are still readable. */
    List<Stored> allAt(long then, ResourceType type, String namespace) {
        if (then == version) {
            return all(type, namespace);
        }
        NavigableMap<Key, Stored> state = new TreeMap<>(live);
        history.undo(state, then);
        return new ArrayList<>(within(state, type, namespace));
    }

    /** Those that name this UID as an owner. */
    List<Stored> dependentsOf(String uid) {
        List<Stored> found = new ArrayList<>();
        for (Key key : dependents.getOrDefault(uid, Set.of())) {
            Stored stored = live.get(key);
            if (stored != null) {
                found.add(stored);
            }
        }
        return found;
    }

    Optional<Stored> byUid(String uid) {
        Key key = byUid.get(uid);
        return key == null ? Optional.empty() : find(key);
    }

    /** Every UID that somebody names as owner. */
    List<String> owners() {
        return new ArrayList<>(dependents.keySet());
    }

    private void unlink(@Nullable Stored gone) {
        if (gone == null) {
            return;
        }
        for (String owner : gone.owners()) {
            dependents.computeIfPresent(owner, (uid, keys) -> {
                keys.remove(gone.key());
                return keys.isEmpty() ? null : keys;
            });
        }
    }

    private static Collection<Stored> within(NavigableMap<Key, Stored> state, ResourceType type, String namespace) {
        // No namespace holds U+FFFF, and it sorts behind all that one can.
        Key from = new Key(type, namespace, "");
        Key to = namespace.isEmpty() ? new Key(type, "\uffff", "") : new Key(type, namespace, "\uffff");
        return state.subMap(from, to).values();
    }
}
