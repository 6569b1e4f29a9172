package dev.lantern.core.engine;

import dev.lantern.core.secrets.Masks;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values that agents of this host's runs know, so that none of them gets into a log. Thread-safe.
 *
 * <p>A host that takes a run over knows none: it reads the static ones again, to mask them, and as long as a value cannot
 * be had the run's lines are withheld. A dynamic one cannot be read again; it is of no use once its lease is closed.
 *
 * <p>A host that cannot tell whether a run is still its own knows no more what another one gives to the agent, and lines
 * that are on their way to it are withheld as well.
 */
final class SecretValues {
    private static final Logger LOG = LoggerFactory.getLogger(SecretValues.class);
    private static final Duration FOR_MASKING = Duration.ofMinutes(1);
    static final String WITHHELD = "[line withheld: this host does not know all secrets that it might hold]";

    private final Optional<SecretStore> store;
    private final Duration within;
    private final ConcurrentSkipListMap<RunRef, Known> runs = new ConcurrentSkipListMap<>();
    /** A run that comes back while it is being forgotten would be unknown, and its lines would pass. */
    private final Object forgetting = new Object();

    SecretValues(Optional<SecretStore> store, Duration within) {
        this.store = store;
        this.within = within;
    }

    /** A value, and the lease as it was when this host handed it over or read it again. */
    private record Held(Lease lease, SecretValue value) {
        /** Whether nobody has handed over another value under the lease since. A renewal hands a static one over anew. */
        boolean isOf(Lease newest) {
            return lease.renewals() == newest.renewals()
                    || newest.isDynamic() && lease.handle().equals(newest.handle());
        }
    }

    /** What is known of one run's secrets. Thread-safe. */
    private static final class Known {
        private final MaskedValues masked = new MaskedValues();
        private final Map<String, Held> byLease = new TreeMap<>();
        /** Leases of whose values this host knows none. */
        private final TreeSet<String> unknown = new TreeSet<>();
        /** How often the run became this host's. */
        private int times;
        /** Nobody is given anything any more, and this host knows all that was given. */
        private boolean sealed;

        synchronized void taken() {
            times++;
        }

        synchronized int times() {
            return times;
        }

        synchronized void seal() {
            sealed = true;
        }

        synchronized boolean holds(Lease lease) {
            Held held = byLease.get(lease.id());
            return held != null && held.isOf(lease);
        }

        synchronized void lacks(Lease lease) {
            unknown.add(lease.id());
            close(byLease.remove(lease.id()));
        }

        /** What was lacking is known. */
        synchronized void learnt(Lease lease) {
            unknown.remove(lease.id());
        }

        /** @return whether it is long enough to be masked */
        synchronized boolean hold(Lease lease, SecretValue value) {
            Held before = byLease.put(lease.id(), new Held(lease, value));
            if (before != null && before.value() != value) {
                before.value().close();
            }
            return masked.add(lease.name(), value);
        }

        synchronized Optional<byte[]> reveal(String lease) {
            return Optional.ofNullable(byLease.get(lease))
                    .map(held -> held.value().reveal());
        }

        synchronized void settle(LeaseBook leases) {
            List<String> closed = byLease.keySet().stream()
                    .filter(lease -> leases.open(lease).isEmpty())
                    .toList();
            closed.forEach(lease -> close(byLease.remove(lease)));
            // A dynamic value dies with its lease; a static one lives on, and may still be written.
            unknown.removeIf(lease ->
                    leases.known().stream().noneMatch(known -> known.id().equals(lease)));
        }

        synchronized String masked(String line, boolean ours) {
            return unknown.isEmpty() && (ours || sealed) ? masked.mask(line) : WITHHELD;
        }

        synchronized void close() {
            byLease.values().forEach(held -> held.value().close());
            byLease.clear();
            masked.close();
        }

        private static void close(@Nullable Held held) {
            if (held != null) {
                held.value().close();
            }
        }
    }

    /** From now on the value is masked, and known by its lease. Called before it leaves. */
    void hold(RunRef run, Lease lease, SecretValue value) {
        boolean masked = runs.computeIfAbsent(run, any -> new Known()).hold(lease, value);
        if (!masked && lease.renewals() == 0) {
            LOG.warn(
                    "secret {} of run {} has fewer than {} bytes: it is not masked in logs, as it would mask other text",
                    lease.name(),
                    run,
                    Masks.MIN_LENGTH);
        }
    }

    /** A copy of the value under an open lease; empty if this host does not know it. To be wiped by the caller. */
    Optional<byte[]> reveal(RunRef run, String lease) {
        return Optional.ofNullable(runs.get(run)).flatMap(known -> known.reveal(lease));
    }

    /** The run is about to be this host's. Called before the first of its lines can come. */
    void begin(RunState state) {
        if (!state.spec().secrets().isEmpty()) {
            synchronized (forgetting) {
                runs.computeIfAbsent(state.run(), any -> new Known()).taken();
            }
        }
    }

    /** Learns what can be learnt of the values of a run that was another host's. Blocks for the store. */
    void adopt(RunState state) {
        begin(state);
        for (Lease lease : state.leases().known()) {
            Known known = runs.computeIfAbsent(state.run(), any -> new Known());
            if (!known.holds(lease)) {
                known.lacks(lease);
                learn(state.run(), lease);
            }
        }
    }

    /** What is durable of the run: values of leases that are closed are given out no more. */
    void settle(RunState state) {
        Known known = runs.get(state.run());
        if (known != null) {
            known.settle(state.leases());
        }
    }

    /**
     * The line as it may be kept.
     *
     * @param ours whether nobody else can have given the run's agent anything
     */
    String masked(RunRef run, String line, boolean ours) {
        Known known = runs.get(run);
        return known == null ? line : known.masked(line, ours);
    }

    /** The run's chain was sealed by this host. */
    void seal(RunRef run) {
        Known known = runs.get(run);
        if (known != null) {
            known.seal();
        }
    }

    /** How often the run became this host's, as far as that is remembered. */
    int times(RunRef run) {
        Known known = runs.get(run);
        return known == null ? 0 : known.times();
    }

    /** Nothing of the run writes lines any more, unless it has become this host's once more since it had {@code times}. */
    void forget(RunRef run, int times) {
        synchronized (forgetting) {
            Known known = runs.get(run);
            if (known != null && known.times() == times) {
                runs.remove(run);
                known.close();
            }
        }
    }

    private void learn(RunRef run, Lease lease) {
        if (lease.isDynamic() || store.isEmpty()) {
            return;
        }
        try {
            Optional<IssuedSecret> found = store.get().issue(lease.place(), FOR_MASKING, within);
            found.ifPresent(secret -> learned(run, lease, secret));
        } catch (RuntimeException e) {
            // Whatever it is, the run is not to be without an owner for it.
            LOG.warn(
                    "run {}: secret {} could not be read again to mask it; the run's lines are withheld",
                    run,
                    lease.place(),
                    e);
        }
    }

    private void learned(RunRef run, Lease lease, IssuedSecret secret) {
        // Another version is another value, and what the agent knows is the one that was given out.
        if (secret.handle().isEmpty() && secret.version().equals(lease.version())) {
            hold(run, lease, secret.value());
            Optional.ofNullable(runs.get(run)).ifPresent(known -> known.learnt(lease));
        } else {
            LOG.warn(
                    "run {}: secret {} has another value than the one that was given out; the run's lines are withheld",
                    run,
                    lease.place());
            drop(lease.place(), secret);
        }
    }

    /** Gives a value back that nobody was given. Blocks for the store. */
    void drop(SecretPlace place, IssuedSecret secret) {
        secret.value().close();
        if (secret.handle().isPresent() && store.isPresent()) {
            store.get().revoke(place, secret.handle().get(), within);
        }
    }
}
