package dev.lantern.core.engine;

import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.Journal;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the journal and renews the host's lease a few times in its length, correcting the host's clock on the way. */
final class LeaseRounds {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseRounds.class);

    private final Turns turns;
    private final Journal journal;
    private final EngineSettings settings;
    private final OwnLease lease;
    private final HostClock clock;
    /** How many runs were taken from this host by name, as far as it has let go of them. */
    private volatile long taken;

    /** @param taken what the journal said with this renewal */
    private record Renewed(OwnLease.Grant asked, long taken) {}

    LeaseRounds(Host.Parts parts, OwnLease lease, HostClock clock) {
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.settings = parts.settings();
        this.lease = lease;
        this.clock = clock;
    }

    /** Blocks. @return the new incarnation */
    long join(String address) {
        OwnLease.Grant asked = lease.asking(settings.lease());
        HostLease granted = journal.join(address, settings.lease(), settings.callWithin());
        clock.set(asked.nanos(), granted.now(), turns.nanos());
        taken = granted.taken();
        lease.granted(asked);
        return granted.host();
    }

    void round(Surroundings host, Adoption adoption) {
        if (host.closing()) {
            return;
        }
        turns.lane(LaneName.LEASE)
                .call(turns.loop(0), () -> renew(host.host()), (Outcome<Optional<Renewed>> outcome) -> {
                    if (outcome instanceof Outcome.Value<Optional<Renewed>> renewed) {
                        renewed.value()
                                .filter(one -> one.taken() != taken)
                                .ifPresent(one -> runsWereTaken(one, adoption));
                    } else if (outcome instanceof Outcome.Failure<Optional<Renewed>> failure) {
                        LOG.warn("host {} could not renew its lease; trying again", host.host(), failure.cause());
                    }
                    turns.loop(0).later(settings.lease().dividedBy(3), () -> round(host, adoption));
                });
    }

    private Optional<Renewed> renew(long host) {
        OwnLease.Grant asked = lease.asking(settings.lease());
        Optional<HostLease> granted = journal.renew(host, settings.lease(), settings.callWithin());
        return granted.map(held -> {
            clock.correct(asked.nanos(), held.now(), turns.nanos());
            if (held.taken() == taken) {
                lease.granted(asked);
            }
            return new Renewed(asked, held.taken());
        });
    }

    /**
     * Until the runs in question are let go, this host is as sure of its runs as it was, and no longer: the renewal counts
     * from then on only.
     */
    private void runsWereTaken(Renewed renewed, Adoption adoption) {
        adoption.letGoOfTaken(() -> {
            taken = renewed.taken();
            lease.granted(renewed.asked());
        });
    }
}
