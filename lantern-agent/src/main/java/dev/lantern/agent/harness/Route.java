package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import java.time.Duration;
import java.util.Optional;

/**
 * Where calls go: to the owner's own address while it is known and answers, else to the gateway's stable one.
 * One thread at a time.
 */
final class Route {
    /** One lost answer may be chance; after this many in a row the owner is taken to be gone. */
    private static final int LOSSES_BEFORE_LEAVING = 2;

    /** An address that has not answered since {@code since}, on the clockwork's clock. */
    record Silence(String address, int tries, long since) {}

    private final Clockwork clockwork;
    private Optional<String> owner = Optional.empty();
    private Optional<Silence> silence = Optional.empty();
    private int losses;

    Route(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

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
        if (from.equals(silence.map(Silence::address))) {
            silence = Optional.empty();
        }
    }

    /**
     * No answer came from {@code from}.
     *
     * @param sentAt when it was asked, on the clockwork's clock
     */
    void lost(Optional<String> from, long sentAt) {
        from.ifPresent(address -> silence = Optional.of(silentSince(address, sentAt)));
        if (owner.isPresent() && from.equals(owner) && ++losses >= LOSSES_BEFORE_LEAVING) {
            moveTo(Optional.empty());
        }
    }

    private Silence silentSince(String address, long sentAt) {
        return silence.filter(known -> known.address().equals(address))
                .map(known -> new Silence(address, known.tries() + 1, Math.min(known.since(), sentAt)))
                .orElseGet(() -> new Silence(address, 1, sentAt));
    }

    /** {@code from} said that the run's owner is at {@code named}, or that it does not know where. */
    void moved(Optional<String> from, Optional<String> named) {
        if (from.equals(owner)) {
            moveTo(named);
        }
    }

    /** What there is to say of {@code named} once others name it again: that it was left because it did not answer. */
    Optional<Silence> silenceOf(String named) {
        return silence.filter(known -> known.address().equals(named) && known.tries() >= LOSSES_BEFORE_LEAVING);
    }

    Duration lasts(Silence known) {
        return Duration.ofNanos(clockwork.nanos() - known.since());
    }

    private void moveTo(Optional<String> next) {
        owner = next;
        losses = 0;
    }
}
