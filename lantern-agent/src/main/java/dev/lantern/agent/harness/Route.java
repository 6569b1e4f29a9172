package dev.lantern.agent.harness;

import java.util.Optional;

/**
 * Where calls go: to the owner's own address while it is known and answers, else to the gateway's stable one.
 * One thread at a time.
 */
final class Route {
    /** One lost answer may be chance; after this many in a row the owner is taken to be gone. */
    private static final int LOSSES_BEFORE_LEAVING = 2;

    private Optional<String> owner = Optional.empty();
    private int losses;

    Optional<String> owner() {
        return owner;
    }

    /** The owner itself said where it is reached, or that only the gateway reaches it. */
    void ownerIsAt(Optional<String> address) {
        moveTo(address);
    }

    /** An answer came from {@code from}. */
    void heard(Optional<String> from) {
        if (from.equals(owner)) {
            losses = 0;
        }
    }

    /** No answer came from {@code from}. */
    void lost(Optional<String> from) {
        if (owner.isPresent() && from.equals(owner) && ++losses >= LOSSES_BEFORE_LEAVING) {
            moveTo(Optional.empty());
        }
    }

    /** {@code from} said that the run's owner is at {@code named}, or that it does not know where. */
    void moved(Optional<String> from, Optional<String> named) {
        if (from.equals(owner)) {
            moveTo(named);
        }
    }

    private void moveTo(Optional<String> next) {
        owner = next;
        losses = 0;
    }
}
