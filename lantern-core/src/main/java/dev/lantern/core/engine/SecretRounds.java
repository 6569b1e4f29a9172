package dev.lantern.core.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is under way at the secret store for a run: gone with the host, begun again by its next one. Confined to the mailbox. */
final class SecretRounds {
    private final TreeSet<String> asked = new TreeSet<>();
    private final TreeSet<String> revoking = new TreeSet<>();
    private final TreeMap<String, Instant> revokeAgainAt = new TreeMap<>();
    private final TreeMap<String, String> ending = new TreeMap<>();

    /** @return false if the store is being asked about this lease already: two answers would be two values */
    boolean ask(String lease) {
        return asked.add(lease);
    }

    /** What it is being asked about. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    void answered(String lease) {
        asked.remove(lease);
    }

    boolean mayRevoke(String lease, Instant now) {
        Instant again = revokeAgainAt.get(lease);
        return !revoking.contains(lease) && (again == null || !now.isBefore(again));
    }

    void revoking(String lease, String how) {
        revoking.add(lease);
        revokeAgainAt.remove(lease);
        ending.putIfAbsent(lease, how);
    }

    /** Why a lease is being ended, from the first time that the store was asked to until it has done so. */
    Optional<String> ending(String lease) {
        return Optional.ofNullable(ending.get(lease));
    }

    void revoked(String lease) {
        revoking.remove(lease);
        revokeAgainAt.remove(lease);
        ending.remove(lease);
    }

    /** The store did not answer. */
    void revokeAgain(String lease, Instant at) {
        revoking.remove(lease);
        revokeAgainAt.put(lease, at);
    }

    /** When the next revocation is to be repeated. */
    Optional<Instant> nextRevocation() {
        return revokeAgainAt.values().stream().min(Instant::compareTo);
    }
}
