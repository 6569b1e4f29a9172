package dev.lantern.core.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the owner knows of a run's instances without the journal: gone with the host, found again by asking the
 * substrate. Confined to the mailbox.
 */
final class Vitals {
    private final TreeSet<Integer> standing = new TreeSet<>();
    private final TreeSet<Integer> starting = new TreeSet<>();
    private final TreeSet<Integer> stopping = new TreeSet<>();
    private final TreeMap<Integer, Instant> stopAgainAt = new TreeMap<>();
    private final TreeMap<Integer, Integer> foundEnding = new TreeMap<>();
    private final GateRounds gate = new GateRounds();
    private final RefusalCounts refusals = new RefusalCounts();
    private final HeadClaims heads = new HeadClaims();
    private final SecretRounds secrets = new SecretRounds();
    private Instant heardAt;
    private boolean agentEnded;

    Vitals(Instant now) {
        this.heardAt = now;
    }

    void heard(Instant now) {
        heardAt = now;
    }

    /** The last sign of life of the newest instance, or when this host began to listen. */
    Instant heardAt() {
        return heardAt;
    }

    HeadClaims heads() {
        return heads;
    }

    SecretRounds secrets() {
        return secrets;
    }

    RefusalCounts refusals() {
        return refusals;
    }

    GateRounds gate() {
        return gate;
    }

    /** The agent of the newest instance has ended; the rest of it may still stand. */
    void agentEnded(boolean ended) {
        agentEnded = ended;
    }

    boolean agentEnded() {
        return agentEnded;
    }

    void stands(int epoch) {
        standing.add(epoch);
    }

    /** A start of this epoch is under way: it may stand at any moment. */
    void startBegun(int epoch) {
        standing.add(epoch);
        starting.add(epoch);
    }

    void startAnswered(int epoch) {
        starting.remove(epoch);
    }

    void gone(int epoch) {
        standing.remove(epoch);
        stopping.remove(epoch);
        stopAgainAt.remove(epoch);
        foundEnding.remove(epoch);
    }

    /** @return how often the epoch was found to be still ending */
    int stillEnding(int epoch) {
        return foundEnding.merge(epoch, 1, Integer::sum);
    }

    /** The epoch still stands, whatever became of its stop. */
    void stopAgain(int epoch, Instant again) {
        stopping.remove(epoch);
        stopAgainAt.put(epoch, again);
    }

    void stopBegun(int epoch) {
        stopping.add(epoch);
        stopAgainAt.remove(epoch);
    }

    /** The epochs that may still stand. */
    List<Integer> standing() {
        return List.copyOf(standing);
    }

    /** Whether a stop of this epoch is to be begun now; never while its start could still overtake it. */
    boolean canStop(int epoch, Instant now) {
        Instant again = stopAgainAt.get(epoch);
        return !starting.contains(epoch) && !stopping.contains(epoch) && (again == null || !now.isBefore(again));
    }

    /** When the next stop is to be repeated; empty means never. */
    Optional<Instant> nextStop() {
        return stopAgainAt.values().stream().min(Instant::compareTo);
    }
}
