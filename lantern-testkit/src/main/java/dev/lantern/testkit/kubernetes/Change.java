package dev.lantern.testkit.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * One write to the store.
 *
 * @param before null for a creation
 * @param after null for a removal
 */
record Change(
        long version, @Nullable Stored before, @Nullable Stored after) {
    ResourceType type() {
        if (after != null) {
            return after.key().type();
        }
        if (before != null) {
            return before.key().type();
        }
        throw new IllegalStateException("a change of nothing");
    }

    int bytes() {
        return before == null ? 0 : before.json().length;
    }
}
