package dev.lantern.core.turns;

import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Makes blocking calls away from the loops and brings their outcome back. */
public interface Lane {

    /**
     * Makes {@code call} and then runs {@code done} on {@code loop}, exactly once.
     *
     * <p>When the lane's queue is full nothing is called and {@code done} gets {@link LaneFullException}; after the lane was
     * closed, {@link LaneClosedException}.
     */
    <T> void call(Loop loop, Callable<T> call, Consumer<Outcome<T>> done);
}
