package dev.lantern.core.runtime;

import dev.lantern.core.engine.ChainForms;
import dev.lantern.core.engine.EngineSettings;
import dev.lantern.core.engine.Host;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.ThreadedTurns;
import dev.lantern.journal.Journal;
import dev.lantern.logs.LogStore;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.LanternException;
import dev.lantern.value.PayloadCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;

/** What a runtime is made of, and the order in which it is taken down. Thread-safe. */
final class RuntimeParts {
    private final ThreadedTurns turns;
    private final Journal journal;
    private final Substrate substrate;
    private final LogStore logs;
    private final PayloadCodec codec;
    private final ChainForms forms;
    private final EngineSettings settings;
    private final Gatekeeping gate;
    private final AutoCloseable gateway;
    /** What is closed last: the seal, the secret store, the keys. */
    private final List<AutoCloseable> keepers;

    private final RunWatches watches = new RunWatches();
    private final RunWatches logWatches = new RunWatches();
    private final RunWatches eventWatches = new RunWatches();
    private final LogRelay logRelay;
    private final LogWishes logWishes;
    /** By identity, which is what a future's equals compares. */
    @SuppressWarnings("UndefinedEquals")
    private final Set<CompletableFuture<?>> waiting =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    RuntimeParts(
            ThreadedTurns turns,
            Journal journal,
            Substrate substrate,
            LogStore logs,
            PayloadCodec codec,
            ChainForms forms,
            EngineSettings settings,
            Gatekeeping gate,
            AutoCloseable gateway,
            List<AutoCloseable> keepers,
            LogWishes logWishes) {
        this.turns = turns;
        this.journal = journal;
        this.substrate = substrate;
        this.logs = logs;
        this.codec = codec;
        this.forms = forms;
        this.settings = settings;
        this.gate = gate;
        this.gateway = gateway;
        this.keepers = List.copyOf(keepers);
        this.logWishes = logWishes;
        this.logRelay = new LogRelay(logs, turns.lane(LaneName.LOGS), turns.loop(0), logWatches::tell);
    }

    ThreadedTurns turns() {
        return turns;
    }

    Journal journal() {
        return journal;
    }

    Substrate substrate() {
        return substrate;
    }

    LogStore logs() {
        return logs;
    }

    PayloadCodec codec() {
        return codec;
    }

    ChainForms forms() {
        return forms;
    }

    EngineSettings settings() {
        return settings;
    }

    Gatekeeping gate() {
        return gate;
    }

    /** Told whenever a run may have moved. */
    RunWatches watches() {
        return watches;
    }

    /** Told whenever a run has new lines. */
    RunWatches logWatches() {
        return logWatches;
    }

    /** Told whenever a run of this host has new events. */
    RunWatches eventWatches() {
        return eventWatches;
    }

    LogRelay logRelay() {
        return logRelay;
    }

    LogWishes logWishes() {
        return logWishes;
    }

    /** Ends this wait, with an exception, when the runtime is closed first. */
    void onClose(CompletableFuture<?> future) {
        waiting.add(future);
    }

    /**
     * Takes everything down: first the runs are given up, so that nothing is written any more; then what runs, the
     * doors and the stores. What fails is reported behind what came first.
     */
    void close(Host host) {
        List<Exception> failures = new ArrayList<>();
        attempt(() -> leave(host), failures);
        attempt(substrate, failures);
        attempt(gateway, failures);
        List<CompletableFuture<?>> left;
        synchronized (waiting) {
            left = new ArrayList<>(waiting);
        }
        left.forEach(future ->
                future.completeExceptionally(new LanternException("the runtime was closed; the run goes on")));
        attempt(turns, failures);
        attempt(logs, failures);
        attempt(journal, failures);
        keepers.forEach(keeper -> attempt(keeper, failures));
        if (!failures.isEmpty()) {
            LanternException first = new LanternException("the runtime could not be closed cleanly", failures.get(0));
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** That a connection has died is found by using it, and this may be its first use since. Leaving is idempotent. */
    private static void leave(Host host) {
        try {
            host.leave();
        } catch (RuntimeException first) {
            try {
                host.leave();
            } catch (RuntimeException second) {
                second.addSuppressed(first);
                throw second;
            }
        }
    }

    private static void attempt(AutoCloseable part, List<Exception> failures) {
        try {
            part.close();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            failures.add(e);
        }
    }
}
