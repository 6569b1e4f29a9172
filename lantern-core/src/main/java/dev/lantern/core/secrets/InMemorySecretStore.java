package dev.lantern.core.secrets;

import dev.lantern.core.turns.SystemInstants;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Secrets in memory, for tests: static ones that a test puts and rotates, and dynamic ones whose ends it can look at.
 * Thread-safe; gone with the process.
 *
 * <pre>{@code
 * InMemorySecretStore secrets = new InMemorySecretStore()
 *         .put(new SecretPlace("acme", "api-key"), "s3cret".getBytes(UTF_8))
 *         .makes(new SecretPlace("acme", "database"), Duration.ofHours(1), n -> ("password-" + n).getBytes(UTF_8));
 * }</pre>
 */
public final class InMemorySecretStore implements SecretStore {
    private static final String NAME = "in-memory secrets";

    private final InstantSource clock;
    private final Map<SecretPlace, Kept> kept = new LinkedHashMap<>();
    private final Map<SecretPlace, Maker> makers = new LinkedHashMap<>();
    private final Map<String, Lease> leases = new LinkedHashMap<>();
    private long versions;
    private boolean closed;

    /**
     * A dynamic secret that was issued.
     *
     * @param until when it ends by itself
     * @param revoked whether it was ended before
     */
    public record Lease(SecretPlace place, String handle, Instant until, boolean revoked) {}

    private record Kept(SecretValue value, long version) {}

    private record Maker(Duration longest, IntFunction<byte[]> values) {}

    /** An empty one by the system's clock. */
    public InMemorySecretStore() {
        this(SystemInstants.source());
    }

    /** An empty one whose dynamic secrets end by this clock. */
    public InMemorySecretStore(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Keeps a static value, instead of another that was there or of a maker. What was issued before stays as it was.
     *
     * @param value copied
     */
    public synchronized InMemorySecretStore put(SecretPlace place, byte[] value) {
        requireOpen();
        SecretValue copy = SecretValue.of(value);
        remove(place);
        kept.put(place, new Kept(copy, ++versions));
        return this;
    }

    /** As {@link #put}, of a place that has a value. */
    public synchronized InMemorySecretStore rotate(SecretPlace place, byte[] value) {
        if (!kept.containsKey(place)) {
            throw new LanternException(
                    "rotating secret " + place + " in " + NAME + ": there is no static one; put one there first");
        }
        return put(place, value);
    }

    /** Makes a new value for each who asks, instead of what was there; what was issued ends by itself or by revoking. */
    public synchronized InMemorySecretStore makes(SecretPlace place, Duration longest, IntFunction<byte[]> values) {
        requireOpen();
        remove(place);
        makers.put(place, new Maker(longest, values));
        return this;
    }

    /** Issues nothing of this place any more. What was issued is not ended. */
    public synchronized InMemorySecretStore remove(SecretPlace place) {
        Kept former = kept.remove(place);
        if (former != null) {
            former.value().close();
        }
        makers.remove(place);
        return this;
    }

    /** Every dynamic secret that was issued, in order. */
    public synchronized List<Lease> leases() {
        return List.copyOf(leases.values());
    }

    /** The handles of those that were ended by {@link #revoke}, in the order in which they were issued. */
    public synchronized List<String> revoked() {
        return leases.values().stream()
                .filter(Lease::revoked)
                .map(Lease::handle)
                .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
        begin("issuing", place, within);
        Maker maker = makers.get(place);
        if (maker != null) {
            return Optional.of(made(place, maker, ttl));
        }
        return Optional.ofNullable(kept.get(place)).map(found -> found(found, ttl));
    }

    private static IssuedSecret found(Kept found, Duration ttl) {
        byte[] bytes = found.value().reveal();
        try {
            return new IssuedSecret(
                    SecretValue.of(bytes),
                    SecretMode.STATIC,
                    Optional.empty(),
                    ttl,
                    Optional.of(Long.toString(found.version())));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private IssuedSecret made(SecretPlace place, Maker maker, Duration ttl) {
        int number = leases.size() + 1;
        SecretValue value = SecretValue.of(maker.values().apply(number));
        Duration granted = shorter(ttl, maker.longest());
        String handle = place + "/" + number;
        leases.put(handle, new Lease(place, handle, clock.instant().plus(granted), false));
        return new IssuedSecret(value, SecretMode.DYNAMIC, Optional.of(handle), granted, Optional.empty());
    }

    @Override
    public synchronized Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
        begin("renewing", place, within);
        Lease lease = leaseOf(place, handle);
        Maker maker = makers.get(place);
        Instant now = clock.instant();
        if (lease == null || maker == null || lease.revoked() || !now.isBefore(lease.until())) {
            return Optional.empty();
        }
        Duration granted = shorter(ttl, maker.longest());
        leases.put(handle, new Lease(place, handle, now.plus(granted), false));
        return Optional.of(granted);
    }

    @Override
    public synchronized void revoke(SecretPlace place, String handle, Duration within) {
        begin("revoking", place, within);
        Lease lease = leaseOf(place, handle);
        if (lease != null) {
            leases.put(handle, new Lease(place, handle, lease.until(), true));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        kept.values().forEach(found -> found.value().close());
        kept.clear();
        makers.clear();
    }

    private @Nullable Lease leaseOf(SecretPlace place, String handle) {
        Lease lease = leases.get(handle);
        return lease != null && lease.place().equals(place) ? lease : null;
    }

    private void begin(String verb, SecretPlace place, Duration within) {
        Asked asked = new Asked(verb, place, NAME);
        if (closed) {
            throw asked.closed();
        }
        asked.begin(within);
    }

    private void requireOpen() {
        if (closed) {
            throw new LanternException(NAME + " are closed; make others");
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
