package dev.lantern.agent.clockwork;

import java.util.function.IntSupplier;

/** What happens between SIGTERM and this process's end. */
public final class TerminationSignal {
    private TerminationSignal() {}

    /**
     * Runs {@code ending} when the process is told to end, or ends by itself, and then ends it with the code that
     * {@code ending} returns.
     */
    public static void onArrival(IntSupplier ending) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(ending.getAsInt()), "lantern-termination"));
    }
}
