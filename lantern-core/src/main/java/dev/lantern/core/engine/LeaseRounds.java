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
        lease.granted(asked);
        return granted.host();
    }

    void round(Surroundings host) {
        if (host.closing()) {
            return;
        }
        turns.lane(LaneName.LEASE).call(turns.loop(0), () -> renew(host.host()), (Outcome<Boolean> outcome) -> {
            if (outcome instanceof Outcome.Failure<Boolean> failure) {
                LOG.warn("host {} could not renew its lease; trying again", host.host(), failure.cause());
            }
            turns.loop(0).later(settings.lease().dividedBy(3), () -> round(host));
        });
    }

    private boolean renew(long host) {
        OwnLease.Grant asked = lease.asking(settings.lease());
        Optional<HostLease> granted = journal.renew(host, settings.lease(), settings.callWithin());
        granted.ifPresent(held -> {
            clock.correct(asked.nanos(), held.now(), turns.nanos());
            lease.granted(asked);
        });
        return granted.isPresent();
    }
}
