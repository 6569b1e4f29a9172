package dev.lantern.core.memory;

import dev.lantern.journal.HostLease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeMap;

/** Host incarnations and their leases. Guarded by the journal's lock. */
final class Hosts {
    private record Host(String address, Instant until, long taken) {}

    private final InstantSource clock;
    private final TreeMap<Long, Host> present = new TreeMap<>();
    private long last;

    Hosts(InstantSource clock) {
        this.clock = clock;
    }

    HostLease join(String address, Duration lease) {
        return grant(++last, address, lease, 0);
    }

    Optional<HostLease> renew(long host, Duration lease) {
        return Optional.ofNullable(present.get(host)).map(held -> grant(host, held.address(), lease, held.taken()));
    }

    /** Somebody takes a run from this host, lapsed or not. */
    void takenFrom(long host) {
        present.computeIfPresent(host, (number, held) -> new Host(held.address(), held.until(), held.taken() + 1));
    }

    void leave(long host) {
        present.remove(host);
    }

    boolean present(long host) {
        return present.containsKey(host);
    }

    Optional<String> address(long host) {
        return Optional.ofNullable(present.get(host)).map(Host::address);
    }

    boolean lapsed(long host) {
        Host found = present.get(host);
        return found == null || !found.until().isAfter(clock.instant());
    }

    /** The time by which leases lapse. */
    Instant now() {
        return clock.instant();
    }

    private HostLease grant(long host, String address, Duration lease, long taken) {
        Instant now = clock.instant();
        Instant until = now.plus(lease);
        present.put(host, new Host(address, until, taken));
        return new HostLease(host, now, until, taken);
    }
}
