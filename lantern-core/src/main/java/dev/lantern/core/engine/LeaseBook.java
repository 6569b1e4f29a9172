package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.secrets.SecretMode;
import dev.lantern.spec.SecretUri;
import dev.lantern.value.LanternException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/** What a run's chain says about secrets that were given out, folded. Immutable. */
final class LeaseBook {
    static final LeaseBook EMPTY = new LeaseBook(TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

    private final TreePMap<String, Lease> open;
    /** Of the newest instance that had any. */
    private final TreePMap<String, Integer> closed;
    /** The last lease of each static secret whose value was given out, by where it is kept. */
    private final TreePMap<String, Lease> released;

    private LeaseBook(
            TreePMap<String, Lease> open, TreePMap<String, Integer> closed, TreePMap<String, Lease> released) {
        this.open = open;
        this.closed = closed;
        this.released = released;
    }

    // -- folding -------------------------------------------------------------------------------------------

    /** @param epoch the instance that was given it */
    LeaseBook vended(RunEvent.SecretVended e, int epoch) {
        Lease lease = Lease.of(epoch, e);
        boolean newEpoch = closed.values().stream().anyMatch(before -> before != epoch);
        return new LeaseBook(
                open.plus(lease.id(), lease),
                newEpoch ? TreePMap.empty() : closed,
                e.mode() == SecretMode.STATIC ? released.plus(e.secret().toString(), lease) : released);
    }

    /** @throws LanternException if the lease was not open: no correct host wrote that */
    LeaseBook closed(RunEvent.LeaseClosed e) {
        Lease lease = open.get(e.lease());
        if (lease == null) {
            throw new LanternException("lease " + e.lease() + " was closed though it was not open");
        }
        return new LeaseBook(open.minus(lease.id()), closed.plus(lease.id(), lease.epoch()), released);
    }

    // -- what is folded ------------------------------------------------------------------------------------

    Optional<Lease> open(String id) {
        return Optional.ofNullable(open.get(id));
    }

    Collection<Lease> open() {
        return open.values();
    }

    /** Whether the newest instance had this lease and has it no more. */
    boolean wasClosed(String id) {
        return closed.containsKey(id);
    }

    /** Where the values are kept that were given out and live on, in order. */
    List<SecretUri> released() {
        return released.values().stream().map(Lease::secret).toList();
    }

    /** What an instance of this run may still write into its log: static values, and dynamic ones of open leases. */
    List<Lease> known() {
        TreePMap<String, Lease> known = TreePMap.from(released);
        for (Lease lease : open.values()) {
            known = known.plus(lease.isDynamic() ? lease.id() : lease.secret().toString(), lease);
        }
        return List.copyOf(known.values());
    }
}
