package dev.lantern.agent.clockwork;

/** Threads for work that blocks on sockets and processes. Thread-safe. */
public interface Workers {

    /**
     * Starts {@code work} on a thread of its own and returns.
     *
     * @param name names the thread while it works, for thread dumps
     */
    void start(String name, Runnable work);
}
